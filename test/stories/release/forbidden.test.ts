import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createReleaseWorld,
  expectCleanRelease,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';

describe('a GitLab where only Maintainers may push to main', { timeout: 90_000 }, () => {
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
    await soon('the first release', () => product.served() !== undefined);
    await soon(
      'its deployment',
      () => JSON.stringify(deployed(product.first)) === JSON.stringify(success(product.first)),
    );
    const change = await world.propose('rows', { 'data/rows.txt': 'rows\n' }, { repository });
    await world.status(change, ({ state }) => state === 'success');
    const sha = await world.host.merge(change);

    await soon('the comment', () => world.productionComments(change).length === 1);
    await world.settled();
    expect(deployed(sha)).toEqual(success(sha));
    expect(world.host.production(repository, sha)).toEqual([]);
    expect(product.runs().map(({ parameters }) => parameters['commit'])).toEqual([product.first, sha]);
    const warned = world.lines.filter((line) => line.includes('the host takes no status from us'));
    expect(warned.join('')).toContain('let it push or merge to the protected branch main');
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
