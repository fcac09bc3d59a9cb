import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createReleaseWorld,
  expectCleanRelease,
  type Product,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';
import { everyHost, type StoryChange } from '../../support/story-world.ts';

/** A run that lasts until it is told to end, or to be done. */
const long = { tasks: [{ name: 'prepare', seconds: 600 }] };

describe.each(everyHost)('merges while a run trains, on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  beforeAll(async () => void (world = await createReleaseWorld({ host })));
  afterAll(() => world.close());

  async function merge(
    { repository }: Product,
    rows: string,
  ): Promise<{ readonly change: StoryChange; readonly sha: string }> {
    const files = { [`data/${rows}.txt`]: `${rows}\n` };
    const change = await world.propose(rows, files, { repository });
    await world.status(change, ({ state }) => state === 'success');
    return { change, sha: await world.host.merge(change) };
  }

  /** The first commit of the product trains without an end. */
  async function training(name: string, more = ''): Promise<Product> {
    const product = await world.produce(name, { more }, { script: long });
    await soon('the run', () => product.runs().length === 1);
    return product;
  }

  const commitsOf = (product: Product): readonly unknown[] =>
    product.runs().map(({ parameters }) => parameters['commit']);

  test('the newest is next, the one in between is superseded, and each says so', async () => {
    const product = await training('in-order');
    const between = await merge(product, 'between');
    const waits = await world.told(product, between.sha, ({ state }) => state === 'running');
    expect(waits.description).toContain(`the release of ${product.first.slice(0, 8)} is under way`);

    const newest = await merge(product, 'newest');
    const overtaken = await world.told(product, between.sha, ({ state }) => state === 'cancelled');
    expect(overtaken.description).toContain(`superseded by ${newest.sha.slice(0, 8)}`);
    await world.told(product, newest.sha, ({ description }) => description.startsWith('waits: '));
    expect(commitsOf(product)).toEqual([product.first]);

    const [run] = product.runs();
    product.fate('good');
    product.finish(run);
    await world.told(product, product.first, ({ state }) => state === 'success');
    await world.told(product, newest.sha, ({ state }) => state === 'success');
    await world.settled();
    expect(commitsOf(product)).toEqual([product.first, newest.sha]);
    const deployments = world.host.deployments(product.repository, 'prod');
    expect(deployments.find(({ sha }) => sha === between.sha)?.state).toBe('cancelled');
    expect(deployments.filter(({ sha }) => sha === newest.sha)).toEqual([
      { sha: newest.sha, state: 'success' },
    ]);
    expect(world.productionComments(between.change)).toEqual([]);
    expect(world.productionComments(newest.change)).toHaveLength(1);
  });

  test('whenNewer: replace — the run is terminated, and the newest takes its place', async () => {
    const product = await training('replaced', '  whenNewer: replace\n');
    product.fate('good');
    const newest = await merge(product, 'newest');

    const replaced = await world.told(product, product.first, ({ state }) => state === 'cancelled');
    expect(replaced.description).toContain(`superseded by ${newest.sha.slice(0, 8)}`);
    await world.told(product, newest.sha, ({ state }) => state === 'success');
    expect(product.runs().map(({ state }) => state)).toEqual(['CANCELED', 'SUCCEEDED']);
    // What was superseded is in the class of what comes after it.
    expect(product.runs().at(-1)?.parameters).toMatchObject({ commit: newest.sha, trigger: 'feature' });
  });

  test('whenNewer: replace, a newer commit that production is not made of — the run goes on', async () => {
    const product = await training('not-replaced', '  whenNewer: replace\n');
    const sha = await world.host.commit(product.repository, 'main', { 'README.md': 'to read\n' });
    await world.told(product, sha, ({ description }) => description.startsWith('waits: '));
    const run = await world.running(product);
    expect(world.terminations(run)).toBe(0);
    product.finish(run);

    await world.told(product, product.first, ({ state }) => state === 'success');
    await world.told(product, sha, ({ state }) => state === 'success');
    expect(product.runs().map(({ state }) => state)).toEqual(['SUCCEEDED']);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
