import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import { inferenceService, merge, services, startCluster, type Answer, type Cluster } from './cluster.ts';

let cluster: Cluster;
beforeEach(() => start({}));
afterEach(() => cluster.close());

async function start(config: KubernetesConfig): Promise<void> {
  cluster = await startCluster(config);
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
}

interface Watch {
  readonly status: number;
  readonly types: string[];
  readonly objects: Record<string, any>[]; // oxlint-disable-line typescript/no-explicit-any
  readonly over: Promise<string>;
}

async function watch(query: string): Promise<Watch> {
  const response = await fetch(`${cluster.url}${services}?watch=1&${query}`);
  const types: string[] = [];
  const objects: Watch['objects'] = [];
  return { status: response.status, types, objects, over: read() };

  async function read(): Promise<string> {
    let text = '';
    try {
      for await (const chunk of response.body ?? []) {
        text += Buffer.from(chunk).toString();
        const lines = text.split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) {
          const { type, object } = JSON.parse(line);
          types.push(type);
          objects.push(object);
        }
      }
      return 'ended';
    } catch {
      return 'broken';
    }
  }
}

async function version(): Promise<string> {
  return (await cluster.call('GET', services)).body['metadata'].resourceVersion;
}

test('a watch from a version tells what was written since, and then what is written', async () => {
  const from = await version();
  await cluster.edit('ml', 'mpg', { metadata: { labels: { a: 'b' } } }, 'kubectl');
  const { types, objects, over } = await watch(`resourceVersion=${from}`);
  await cluster.pass(1_000);
  await cluster.call('DELETE', `${services}/mpg`);
  await expect.poll(() => types).toEqual(['MODIFIED', 'MODIFIED', 'DELETED']);
  expect(objects[0]?.['metadata'].labels).toEqual({ a: 'b' });
  expect(objects[1]?.['status'].modelStatus.transitionStatus).toBe('InProgress');
  cluster.cutWatches();
  expect(await over).toBe('ended');
});

test('a watch without a version begins with everything; bookmarks say where it stands', async () => {
  const { types, objects } = await watch('allowWatchBookmarks=true');
  await expect.poll(() => types).toEqual(['ADDED']);
  await cluster.settle();
  await expect.poll(() => types).toEqual(['ADDED', 'BOOKMARK']);
  expect(objects[1]).toMatchObject({
    kind: 'InferenceService',
    metadata: { resourceVersion: await version() },
  });
});

test('by label: what ceases to match is told as deleted', async () => {
  await cluster.edit('ml', 'mpg', { metadata: { labels: { app: 'x' } } }, 'kubectl');
  const { types } = await watch('labelSelector=app%3Dx');
  await expect.poll(() => types).toEqual(['ADDED']);
  await cluster.edit('ml', 'mpg', { metadata: { labels: { app: 'y' } } }, 'kubectl');
  await cluster.edit('ml', 'mpg', { metadata: { labels: { app: 'z' } } }, 'kubectl');
  await cluster.edit('ml', 'mpg', { metadata: { labels: { app: 'x' } } }, 'kubectl');
  await expect.poll(() => types).toEqual(['ADDED', 'DELETED', 'ADDED']);
});

test('a version that is too old is gone: an ERROR event, or the status where it is set so', async () => {
  const from = await version();
  await cluster.edit('ml', 'mpg', { metadata: { labels: { a: 'b' } } }, 'kubectl');
  cluster.compact();
  const { status, types, objects, over } = await watch(`resourceVersion=${from}`);
  expect(await over).toBe('ended');
  expect([status, types, objects[0]?.['code'], objects[0]?.['reason']]).toEqual([
    200,
    ['ERROR'],
    410,
    'Expired',
  ]);
  await cluster.close();
  await start({ goneAs: 'status', historyLimit: 1 });
  const old = await version();
  for (const label of ['b', 'c'])
    await cluster.edit('ml', 'mpg', { metadata: { labels: { a: label } } }, 'kubectl');
  expect((await watch(`resourceVersion=${old}`)).status).toBe(410);
  expect((await watch(`resourceVersion=${await version()}`)).status).toBe(200);
});

test('a watch can break, and is over after its time', async () => {
  const broken = await watch('');
  cluster.cutWatches('destroy');
  expect(await broken.over).toBe('broken');
  const timed = await watch(`resourceVersion=${await version()}&timeoutSeconds=60`);
  expect(cluster.watches()).toBe(1);
  await cluster.pass(60_000);
  expect(await timed.over).toBe('ended');
  expect(cluster.watches()).toBe(0);
});

test('lists come by label and in pages; a page from before the history is gone', async () => {
  for (const name of ['a', 'b', 'c']) {
    const metadata = { name, labels: { team: name === 'b' ? 'x' : 'y' } };
    await cluster.call('POST', services, inferenceService('s3://models/a/', { metadata }));
  }
  const names = (body: Answer['body']): unknown =>
    body['items'].map((item: { metadata: { name: string } }) => item.metadata.name);
  const first = await cluster.call('GET', `${services}?labelSelector=team%20in%20(y)&limit=1`);
  expect([names(first.body), first.body['metadata'].remainingItemCount]).toEqual([['a'], 1]);
  const token = first.body['metadata'].continue;
  const second = await cluster.call(
    'GET',
    `${services}?labelSelector=team!%3Dx,team&limit=1&continue=${token}`,
  );
  expect(names(second.body)).toEqual(['c']);
  await cluster.call('PATCH', `${services}/a`, { metadata: { labels: null } }, merge);
  cluster.compact();
  expect((await cluster.call('GET', `${services}?limit=1&continue=${token}`)).status).toBe(410);
});

test('with a pulse the controllers work by themselves, and a watch hears of it', async () => {
  await cluster.close();
  const knobs = { createMs: 1, loadMs: 2, trafficMs: 1 };
  await start({ now: () => new Date(), pulseMs: 5, knobs });
  const { objects } = await watch('resourceVersion=0');
  await expect
    .poll(() => objects.at(-1)?.['status']?.modelStatus.transitionStatus, { timeout: 10_000 })
    .toBe('UpToDate');
});
