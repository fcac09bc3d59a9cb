import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelgate } from '../../support/release/modelgate-command.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type ReleaseWorld,
  soon,
} from '../../support/release/release-world.ts';
import { everyHost } from '../../support/story-world.ts';

describe.each(everyHost)('releases that people hold on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  beforeAll(async () => void (world = await createReleaseWorld({ host })));
  afterAll(() => world.close());

  test('the limit of a day — the next commit is held and says so; resumed — it is released', async () => {
    const product = await world.produce('scarce', { environment: 'scarce' });
    await world.told(product, product.first, ({ state }) => state === 'success');
    const sha = await world.host.commit(product.repository, 'main', { 'data/more.txt': 'more\n' });

    const status = await world.told(product, sha, ({ description }) => description.startsWith('held: '));
    expect(status.state).toBe('running');
    expect(status.description).toContain('1 releases began within 24 hours');
    expect(product.runs()).toHaveLength(1);
    const list = await modelgate(world, 'release', 'list');
    expect(list.out).toMatch(/HELD since .* by modelgate: 1 releases began/);

    await modelgate(world, 'release', 'resume', 'scarce', '--reason', 'it was checked');
    await world.told(product, sha, ({ state }) => state === 'success');
    expect(product.runs()).toHaveLength(2);
  });

  test('list, show, hold, resume, retry — as processes, and the audit has the deeds', async () => {
    const product = await world.produce('by-hand');
    const status = await world.told(product, product.first, ({ state }) => state === 'success');
    const [, id = ''] = /\/releases\/([0-9a-f]+)$/.exec(status.url) ?? [];
    const line = `${host}/${product.repository.id}/prod`;
    expect((await modelgate(world, 'release', 'list')).out).toContain(line);
    const show = await modelgate(world, 'release', 'show', id);
    expect(show.out).toContain(product.served());
    expect(show.out).toContain('https://kubeflow.example.com/pipeline/#/runs/details/');

    const reason = ['--reason', 'the cluster is upgraded'];
    expect((await modelgate(world, 'release', 'hold', line, ...reason)).code).toBe(0);
    product.fate('a task fails');
    const sha = await world.host.commit(product.repository, 'main', { 'data/more.txt': 'more\n' });
    const held = await world.told(product, sha, ({ description }) => description.startsWith('held: '));
    expect(held.description).toContain('the cluster is upgraded');
    expect(product.runs()).toHaveLength(1);
    expect((await modelgate(world, 'release', 'resume', line)).code).toBe(0);
    const failed = await world.told(product, sha, ({ state }) => state === 'failure');

    product.fate('good');
    const again = await modelgate(
      world,
      'release',
      'retry',
      sha.slice(0, 10),
      '--reason',
      'the node was lost',
    );
    expect(again.out).toContain('Attempt 2');
    const mended = await world.told(product, sha, ({ state }) => state === 'success');
    expect(mended.url).not.toBe(failed.url);
    expect(product.runs()).toHaveLength(3);
    const audit = (await modelgate(world, 'jobs', 'audit')).out;
    for (const deed of ['hold line', 'resume line', 'retry release']) expect(audit).toContain(deed);
    expect(audit).toContain('the node was lost');
  });

  test('effects are paused while a run trains — nothing more is done until they are resumed', async () => {
    const script = { tasks: [{ name: 'train', seconds: 600 }] };
    const product = await world.produce('paused', {}, { script });
    await soon('the run', () => product.runs().length === 1);
    expect((await modelgate(world, 'jobs', 'pause', '--reason', 'moving the store')).code).toBe(0);
    await soon('the worker follows', () => world.lines.some((line) => line.includes('effects are paused')));
    const [run] = product.runs();
    product.finish(run);
    await world.platform.kubeflow.settle();
    await soon('the run has ended', () => product.runs()[0]?.state === 'SUCCEEDED');
    const { s3, kubernetes } = world.platform;
    const writes = (): number =>
      s3.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD').length +
      kubernetes.requests.filter(({ method }) => method !== 'GET').length;
    const before = writes();
    await world.host.commit(product.repository, 'main', { 'README.md': 'a push meanwhile\n' });
    await world.host.idle();
    await soon(
      'the release waits',
      async () => (await world.redis.client.llen('modelgate:queue:release:wait')) > 0,
    );
    expect(product.served()).toBeUndefined();
    expect(writes()).toBe(before);

    await modelgate(world, 'jobs', 'resume');
    await world.told(product, product.first, ({ state }) => state === 'success');
    expect(product.served()).toContain('s3://models/serving/auto-paused/');
    expect(product.runs()).toHaveLength(1);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
