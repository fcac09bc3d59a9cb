import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createReleaseWorld,
  expectCleanRelease,
  type ReleaseWorld,
} from '../../support/release/release-world.ts';
import { eventually } from '../../support/redis.ts';

describe('a GitLab where only Maintainers may push to main', { timeout: 30_000 }, () => {
  let world: ReleaseWorld;
  beforeAll(async () => {
    world = await createReleaseWorld({ host: 'gitlab', gitlab: { mainFor: 40 } });
  });
  afterAll(() => world.close());

  test('a change is merged — no status, and all the rest: model, deployment, comment; the log has the remedy', async () => {
    const product = await world.produce('forbidden');
    const { repository } = product;
    const deployed = (sha: string): readonly unknown[] =>
      world.host.deployments(repository, 'prod').filter((one) => one.sha === sha);
    const success = (sha: string) => [{ sha, state: 'success' }];
    await eventually('the first release', () => product.served() !== undefined, 15_000);
    await eventually(
      'its deployment',
      () => JSON.stringify(deployed(product.first)) === JSON.stringify(success(product.first)),
      15_000,
    );
    const change = await world.propose('rows', { 'data/rows.txt': 'rows\n' }, { repository });
    await world.status(change, ({ state }) => state === 'success');
    const sha = await world.host.merge(change);

    await eventually('the comment', () => world.productionComments(change).length === 1, 15_000);
    await world.settled();
    expect(deployed(sha)).toEqual(success(sha));
    expect(world.host.production(repository, sha)).toEqual([]);
    expect(product.runs().map(({ parameters }) => parameters['commit'])).toEqual([product.first, sha]);
    const warned = world.lines.filter((line) => line.includes('the host takes no status from us'));
    expect(warned.join('')).toContain('let it push or merge to the protected branch main');
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
