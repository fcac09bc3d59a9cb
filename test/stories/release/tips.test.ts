import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { productionPolicy } from '../../support/release/production-files.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type Product,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';
import { everyHost } from '../../support/story-world.ts';

describe.each(everyHost)('the tip of a branch on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  let product: Product;
  beforeAll(async () => {
    const elsewhere = `
  elsewhere:
    repositories: ["others/*"]
`;
    world = await createReleaseWorld({ host, config: elsewhere });
    product = await world.produce('tips');
  });
  afterAll(() => world.close());

  const push = (files: Readonly<Record<string, string>>): Promise<string> =>
    world.host.commit(product.repository, 'main', files);

  test('pushed directly — is released', async () => {
    const status = await world.told(product, product.first, ({ state }) => state === 'success');

    await world.settled();
    expect(await world.page(status.url)).toContain('auto-tips');
    expect(product.runs().map(({ parameters }) => parameters['trigger'])).toEqual(['feature']);
    expect(world.host.deployments(product.repository, 'prod')).toEqual([
      { sha: product.first, state: 'success' },
    ]);
  });

  test('that touches nothing of production — there is nothing to release, and it says so', async () => {
    const sha = await push({ 'README.md': 'more to read\n' });

    const status = await world.told(product, sha, ({ state }) => state === 'success');
    expect(status.description).toMatch(/nothing to release/);
    expect(product.runs()).toHaveLength(1);
    expect(world.host.deployments(product.repository, 'prod')).toHaveLength(1);
  });

  test('that is red — is not released, and says why; repaired — it is', async () => {
    const red = await push({ 'rows.csv.dvc': await world.track('rows.csv', 'red\n', 'not pushed') });
    const status = await world.told(product, red, ({ state }) => state === 'failure');
    expect(status.description).toMatch(/^not released: .*data\/missing-on-remote/);
    expect(product.runs()).toHaveLength(1);

    const repaired = await push({ 'rows.csv.dvc': await world.track('rows.csv', 'mended\n', 'pushed') });
    await world.told(product, repaired, ({ state }) => state === 'success');
    expect(product.runs().map(({ parameters }) => parameters['commit'])).toEqual([product.first, repaired]);
  });

  test('whose data comes later — is released by the look that finds it', async () => {
    const sha = await push({ 'rows.csv.dvc': await world.track('rows.csv', 'late\n', 'not pushed') });
    await world.told(product, sha, ({ state }) => state === 'failure');

    world.push('late\n');
    const status = await world.told(product, sha, ({ state }) => state === 'success');
    expect(status.url).toMatch(/\/releases\/[0-9a-f]+$/);
    expect(product.runs().at(-1)?.parameters).toMatchObject({ commit: sha, trigger: 'data' });
  });

  test.each([
    ['elsewhere', /environment "elsewhere", which is not bound to ml\/named-elsewhere/],
    ['nowhere', /environment "nowhere", which is not bound to ml\/named-nowhere/],
  ])('whose policy names the environment %s — is refused before anything is asked', async (name, why) => {
    await world.settled();
    const { kubeflow, kubernetes } = world.platform;
    const asked = kubeflow.requests.length + kubernetes.requests.length;
    const refused = await world.produce(`named-${name}`, { environment: name });

    const status = await world.told(refused, refused.first, ({ state }) => state === 'failure');
    expect(status.description).toMatch(why);
    await world.settled();
    expect(kubeflow.requests.length + kubernetes.requests.length).toBe(asked);
    expect(world.host.deployments(refused.repository, name)).toEqual([]);
  });

  test('of a branch that is neither the default one nor bound — nobody is asked, and nobody hears of it', async () => {
    await world.settled();
    const { kubeflow, kubernetes } = world.platform;
    const asked = kubeflow.requests.length + kubernetes.requests.length;
    const files = { '.modelgate.yaml': productionPolicy('tips', { branch: 'side' }) };
    const done = (): number => world.lines.filter((line) => line.includes('"job":"gate-branch"')).length;
    const before = done();
    const sha = await world.host.commit(product.repository, 'side', files, { from: 'main' });

    await soon('the branch was looked at', () => done() > before);
    await world.settled();
    expect(world.host.production(product.repository, sha)).toEqual([]);
    expect(kubeflow.requests.length + kubernetes.requests.length).toBe(asked);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
