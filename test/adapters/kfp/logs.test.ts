import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { lastLines } from '../../../src/adapters/kfp/log-text.ts';
import { podNames, podOf } from '../../../src/adapters/kfp/pod-names.ts';
import { readTail } from '../../../src/adapters/kfp/stream-tail.ts';
import { RetryableError } from '../../../src/errors.ts';
import { withServer, type Answer, type SeenRequest } from './answering.ts';

const signal = new AbortController().signal;
const text = { 'content-type': 'text/plain' };
const pod = 'auto-mpg-x7k2p-system-container-impl-1803416621';
const gone = JSON.stringify({ error_message: `pods "${pod}" not found`, error_details: 'chain' });

describe('lastLines', () => {
  test.each<[string, string, number, readonly string[]]>([
    ['more lines than wanted', 'a\nb\nc\n', 2, ['b', 'c']],
    ['fewer lines than wanted', 'a\nb', 5, ['a', 'b']],
    ['nothing', '', 5, []],
    ['empty lines at the end', 'a\n\n \n', 5, ['a']],
    ['none wanted', 'a\n', 0, []],
    ['colours and titles', '\u001b[1;31mred\u001b[0m \u001b]0;title\u0007end\n', 5, ['red end']],
    ['a progress bar', '10%\r50%\r100%\r\nend', 5, ['100%', 'end']],
    ['control characters', 'a\u0000b\u0008c\u009bd\u202ee\tf', 5, ['abcde\tf']],
    ['the server failing below a log', `begins\n${gone}`, 5, ['begins']],
    ['the server failing at once', gone, 5, []],
    ['a JSON log', '{"level":"info"}', 5, ['{"level":"info"}']],
    ['a very long line', 'x'.repeat(3000), 5, [`${'x'.repeat(2000)} …`]],
  ])('%s — is what people see', (_title, log, count, lines) => {
    expect(lastLines(log, count)).toEqual(lines);
  });
});

describe('readTail', () => {
  const limits = { readBytes: 100, keepBytes: 10, totalMs: 10_000 };

  test.each<[string, readonly string[], object]>([
    ['a short text', ['one\n', 'two\n'], { text: 'one\ntwo\n', cut: false }],
    ['a long text', ['one\ntwo\n', 'three\nfour\n'], { text: 'four\n', cut: false }],
    ['too long a text', Array(30).fill('line\n'), { text: 'line\n', cut: true }],
  ])('%s — its end is kept, from the beginning of a line', async (_title, chunks, tail) => {
    expect(await readTail(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), limits)).toEqual(tail);
  });

  test('a text that does not end in time — what came of it — is kept', async () => {
    const stream = new Readable({ read: () => undefined });
    stream.push('begin\n');

    expect(await readTail(stream, { ...limits, totalMs: 1 })).toEqual({ text: 'begin\n', cut: true });
  });
});

describe('pod names', () => {
  test('the pod of a node — its names — are those of all servers', () => {
    expect(podOf('auto-mpg-x7k2p-1803416621', 'executor')).toBe(pod);
    expect(podNames(pod)).toEqual([
      pod,
      'auto-mpg-x7k2p-retry-system-container-impl-1803416621',
      'auto-mpg-x7k2p-1803416621',
    ]);
    expect(podNames('w-retry-system-container-impl-1')[0]).toBe('w-retry-system-container-impl-1');
    expect(podNames('w-system-container-driver-1')).toEqual([
      'w-system-container-driver-1',
      'w-system-dag-driver-1',
      'w-1',
    ]);
  });

  test('a name of another kind — is taken as it is', () => {
    expect(podOf(pod, 'executor')).toBe(pod);
    expect(podOf('pod', 'driver')).toBe('pod');
    expect(podNames('pod')).toEqual(['pod']);
  });
});

describe('logTail', () => {
  const log = (name: string): string => `/apis/v1alpha1/runs/r1/nodes/${name}/log`;
  const tail = (answer: (request: SeenRequest) => Answer, ui?: (url: string) => string) =>
    withServer(
      answer,
      async ({ pipelines, seen }) => {
        const lines = await pipelines.logTail('r1', pod, 2, signal).catch((error: unknown) => error);
        return { lines, seen };
      },
      (url) => ({ token: () => 'secret-token', ...(ui && { ui: ui(url) }) }),
    );

  test('the pod by its name — its last lines — in one request', async () => {
    const { lines, seen } = await tail(() => ({ headers: text, body: 'a\nb\nc\n' }));

    expect(lines).toEqual(['b', 'c']);
    expect(seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      [log(pod), 'Bearer secret-token'],
    ]);
  });

  test.each<[string, Answer]>([
    ['by an error below 200', { headers: text, body: gone }],
    ['by 500', { status: 500, body: gone }],
    [
      'by 403',
      { status: 403, body: JSON.stringify({ error_message: 'Run r1 not found', error_details: '' }) },
    ],
    ['by 404', { status: 404, body: 'no' }],
    ['by an empty log', { headers: text, body: '' }],
  ])('the pod has another name — told %s — it is tried', async (_title, answer) => {
    const { lines } = await tail(({ path }) =>
      path === log('auto-mpg-x7k2p-1803416621') ? { headers: text, body: 'here\n' } : answer,
    );

    expect(lines).toEqual(['here']);
  });

  test('nobody has it — and no pages are known — it is empty', async () => {
    expect((await tail(() => ({ status: 500, body: gone }))).lines).toEqual([]);
  });

  test.each([
    ['of the API', (url: string) => `${url}/ui/`, 'Bearer secret-token'],
    ['of another origin', (url: string) => `${url.replace('127.0.0.1', 'localhost')}/ui`, undefined],
  ])('the pages %s — have it — the token goes to its own origin only', async (_title, ui, authorization) => {
    const { lines, seen } = await tail(
      ({ path }) =>
        path === '/ui/k8s/pod/logs' ? { headers: text, body: 'kept\n' } : { status: 500, body: gone },
      ui,
    );

    expect(lines).toEqual(['kept']);
    expect(seen.at(-1)).toMatchObject({
      query: { podname: pod, runid: 'r1', podnamespace: 'ml' },
      authorization,
    });
  });

  test.each<[string, Answer, object]>([
    [
      'a login page',
      { headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' },
      { code: 'kubeflow-unauthorised' },
    ],
    ['403', { status: 403, body: 'RBAC: access denied' }, { code: 'kubeflow-unauthorised' }],
    ['503', { status: 503, headers: { 'retry-after': '3' } }, { name: 'RetryableError', retryAfter: 3000 }],
    ['a cut connection', 'drop', { name: 'RetryableError' }],
  ])('%s — is trouble, not an empty log', async (_title, answer, trouble) => {
    const { lines, seen } = await tail(() => answer);

    expect(seen).toHaveLength(1);
    expect(lines).toMatchObject(trouble);
  });

  test('a log of many megabytes — its end — is read', async () => {
    const body = `${'a line of a log\n'.repeat(500_000)}the end\n`;
    const { lines } = await tail(() => ({ headers: text, body }));

    expect(lines).toEqual(['a line of a log', 'the end']);
  });

  test('an aborted job — is not told of trouble — but throws the reason', async () => {
    const reason = new RetryableError('stop');

    await withServer(
      () => ({ headers: text, body: 'a' }),
      async ({ pipelines }) => {
        await expect(pipelines.logTail('r1', pod, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
      },
    );
  });
});
