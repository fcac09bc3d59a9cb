import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createReleaseWorld,
  expectCleanRelease,
  type Product,
  type ReleaseWorld,
} from '../../support/release/release-world.ts';
import { everyHost } from '../../support/story-world.ts';

describe.each(everyHost)('a change that is merged on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  let product: Product;
  beforeAll(async () => {
    world = await createReleaseWorld({ host });
    product = await world.produce('merges');
    await world.told(product, product.first, ({ state }) => state === 'success');
  }, 90_000);
  afterAll(() => world.close());

  test.each(['merge', 'squash', 'rebase'] as const)(
    'by %s, told as often and in any order — one run, one publication, one deployment, and it serves',
    async (style) => {
      const { repository, service } = product;
      const change = await world.propose(style, { 'data/rows.txt': `${style}\n` }, { repository });
      await world.status(change, ({ state }) => state === 'success');
      const before = world.host.deliveries().length;

      const sha = await world.host.merge(change, style);
      await world.host.idle();
      const deliveries = world.host.deliveries().slice(before);
      for (const { id } of deliveries.toReversed()) await world.host.redeliver(id);

      const status = await world.told(product, sha, ({ state }) => state === 'success');
      for (const { id } of deliveries) await world.host.redeliver(id);
      await world.settled();
      expect(world.host.production(repository, sha).filter(({ hidden }) => !hidden)).toEqual([status]);
      expect(world.host.deployments(repository, 'prod').filter((one) => one.sha === sha)).toEqual([
        { sha, state: 'success' },
      ]);
      const [run, ...others] = product.runs().filter(({ parameters }) => parameters['commit'] === sha);
      expect(others).toEqual([]);
      expect(run?.parameters).toEqual({
        trigger: 'data',
        run: run?.runId,
        commit: sha,
        manifest: `s3://runs/handover/${run?.runId}.json`,
      });
      const [comment = '', ...more] = world.productionComments(change);
      expect(more).toEqual([]);
      expect(comment).toMatch(/rmse.*3/);
      const page = await world.page(status.url);
      expect(page).toContain(product.served());
      expect(page).toContain(`https://kubeflow.example.com/pipeline/#/runs/details/${run?.runId}`);
      const model = await world.platform.read(`${product.served()}model.pkl`);
      expect(JSON.parse(String(model))).toMatchObject({ commit: sha });
      const answer = await fetch(
        `${world.platform.kubernetes.gatewayUrl}/serving/serving/${service}/v1/models/${service}:predict`,
        { method: 'POST', body: JSON.stringify({ instances: [[8, 307]] }) },
      );
      expect(await answer.json()).toEqual({ predictions: [17.5] });
    },
  );

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
