import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchPromises } from '../../support/release/promises.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';
import { everyHost } from '../../support/story-world.ts';

describe.each(everyHost)('Redis is emptied during a release on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  beforeAll(async () => void (world = await createReleaseWorld({ host, timing: { sweepMs: 700 } })));
  afterAll(() => world.close());

  test('while the run trains, and again while the model comes up — one run, one deployment, one comment', async () => {
    const product = await world.produce('emptied');
    const { repository, service } = product;
    await world.told(product, product.first, ({ state }) => state === 'success');
    const before = product.served();
    product.fate('good', { tasks: [{ name: 'train', seconds: 600 }] });
    world.platform.kubernetes.script('serving', service, { createMs: 50, loadMs: 4000 });
    const change = await world.propose('rows', { 'data/rows.txt': 'emptied\n' }, { repository });
    await world.status(change, ({ state }) => state === 'success');
    const sha = await world.host.merge(change);
    await soon('the run', () => product.runs().length === 2);
    await world.told(product, sha, ({ description }) => /run/.test(description));

    await world.redis.flush();
    const known = async (): Promise<boolean> =>
      (await world.redis.client.keys('modelgate:release*')).length > 0;
    await soon('the release is known again', known);
    product.finish(product.runs().at(-1));
    await soon('the rollout', () => product.served() !== before);

    await world.redis.flush();
    await world.told(product, sha, ({ state }) => state === 'success');
    await world.settled();
    expect(product.runs()).toHaveLength(2);
    expect(world.host.deployments(repository, 'prod').filter((one) => one.sha === sha)).toEqual([
      { sha, state: 'success' },
    ]);
    expect(world.productionComments(change)).toHaveLength(1);
    const promises = watchPromises(world.platform);
    for (const { runId } of product.runs()) promises.expect(runId, 'one of two');
    await promises.look();
    expect(promises.broken).toEqual([]);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
