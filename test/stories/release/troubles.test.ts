import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fate } from '../../support/release/fates.ts';
import { modelgate } from '../../support/release/modelgate-command.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type Product,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';
import { everyHost, type StoryChange } from '../../support/story-world.ts';

describe.each(everyHost)('a release in trouble, on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  let product: Product;
  let good: string | undefined;
  beforeAll(async () => {
    world = await createReleaseWorld({ host });
    product = await world.produce('trouble');
    await world.told(product, product.first, ({ state }) => state === 'success');
    good = product.served();
  }, 90_000);
  afterAll(() => world.close());

  async function merge(rows: string): Promise<{ readonly change: StoryChange; readonly sha: string }> {
    const files = { [`data/${rows}.txt`]: `${rows}\n` };
    const change = await world.propose(rows, files, { repository: product.repository });
    await world.status(change, ({ state }) => state === 'success');
    return { change, sha: await world.host.merge(change) };
  }

  const troubles: readonly (readonly [Fate, RegExp, RegExp])[] = [
    ['worse than the limit', /not good enough.*rmse is 9, above the limit of 4/, /rmse/],
    ['a task fails', /task "train" of the run failed: ValueError: no rows/, /ValueError: no rows/],
    ['no manifest', /wrote no manifest/, /manifest/],
    ['does not load', /put back: .*did not come up.*The old model is back/, /The old model is back/],
    ['answers wrongly', /put back: .*does not answer as expected/, /does not answer as expected/],
  ];

  test.each(troubles)('%s — it says so, and the old model serves', async (fate, told, comment) => {
    product.fate(fate);
    const { change, sha } = await merge(fate.replaceAll(' ', '-'));

    const status = await world.told(product, sha, ({ state }) => state === 'failure');
    expect(status.description).toMatch(told);
    await world.settled();
    const comments = world.productionComments(change);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toMatch(comment);
    expect(product.served()).toBe(good);
    expect(world.host.deployments(product.repository, 'prod').find((one) => one.sha === sha)?.state).toBe(
      'failure',
    );
  });

  test('somebody else changes the service meanwhile — held and explained; resumed — it goes on', async () => {
    product.fate('good');
    world.platform.kubernetes.script('serving', product.service, { createMs: 50, loadMs: 2000 });
    const { change, sha } = await merge('edited');
    await soon('our edit', () => product.served() !== good);
    const foreign = { spec: { predictor: { model: { storageUri: 's3://models/somebody-elses/' } } } };
    await world.platform.kubernetes.edit('serving', product.service, foreign, 'kubectl-edit');

    const status = await world.told(product, sha, ({ description }) => description.startsWith('held: '));
    expect(status.state).toBe('running');
    expect(status.description).toContain('somebody else changed the InferenceService auto-trouble');
    await soon('the comment', () => world.productionComments(change).length === 1);
    expect(world.productionComments(change)[0]).toContain('modelgate release resume');
    expect(product.served()).toBe('s3://models/somebody-elses/');

    world.platform.kubernetes.script('serving', product.service, { createMs: 50, loadMs: 100 });
    const [, id = ''] = /\/releases\/([0-9a-f]+)$/.exec(status.url) ?? [];
    const { code, out } = await modelgate(world, 'release', 'resume', id, '--reason', 'it was me');
    expect(out).toContain('goes on');
    expect(code).toBe(0);
    await world.told(product, sha, ({ state }) => state === 'success');
    expect(product.served()).toContain('s3://models/serving/auto-trouble/');
    expect((await modelgate(world, 'jobs', 'audit')).out).toContain('it was me');
  });

  test('a GitOps tool owns the service — held before anything is changed; resumed — it goes on', async () => {
    const before = product.served();
    const labels = { 'kustomize.toolkit.fluxcd.io/name': 'models' };
    const { kubernetes } = world.platform;
    await kubernetes.edit('serving', product.service, { metadata: { labels } }, 'kustomize-controller');
    const { sha } = await merge('owned');

    const status = await world.told(product, sha, ({ description }) => description.startsWith('held: '));
    expect(status.description).toContain('belongs to the Flux Kustomization models');
    expect(product.served()).toBe(before);
    await modelgate(world, 'release', 'resume', 'prod', '--reason', 'Flux sleeps');
    await world.told(product, sha, ({ state }) => state === 'success');
    expect(product.served()).not.toBe(before);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
