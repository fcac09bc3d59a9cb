import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createGitlabClient } from '../../../src/adapters/gitlab/client.ts';
import { AbortError, RetryableError, UserError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';
import type { ScriptedAnswer } from '../../support/scripted-server.ts';

const dispatchers = createDispatchers();
const open: (() => Promise<void>)[] = [];
const now = new Date('2026-11-22T12:00:00Z');
const never = new AbortController().signal;

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => dispatchers.close());

async function start(
  script: readonly ScriptedAnswer[],
  { token = (): string => 'glpat-test', path = '' } = {},
) {
  const server = await startScriptedServer(script);
  open.push(server.close);
  const client = createGitlabClient(
    {
      id: 'corp',
      url: `${server.url}${path}`,
      token,
      timeouts: { headersMs: 300, bodyMs: 300, totalMs: 300 },
    },
    {
      clock: { now: () => now, sleep: async () => {}, after: () => () => {} },
      dispatchers,
      random: () => 0.5,
    },
  );
  return { client, seen: server.seen };
}

/** What one request throws. */
async function failureOf(answer: ScriptedAnswer): Promise<{ thrown: unknown; requests: number }> {
  const { client, seen } = await start([answer]);
  const thrown = await client
    .with(never)
    .projects.show(7)
    .catch((error: unknown) => error);
  return { thrown, requests: seen.length };
}

describe('answers', () => {
  test.each<[string, ScriptedAnswer, number | undefined]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '17' }, body: 'Retry later' }, 17_000],
    ['429 with a date', { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:01:00 GMT' } }, 60_000],
    [
      '429 with a reset',
      { status: 429, headers: { 'ratelimit-reset': `${now.getTime() / 1000 + 9}` } },
      9000,
    ],
    ['429 with nothing', { status: 429, body: 'Retry later' }, undefined],
    ['500', { status: 500 }, undefined],
    ['502 of a proxy', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }, undefined],
    ['503 with seconds', { status: 503, headers: { 'retry-after': '120' } }, 120_000],
    ['409 at a lock', { status: 409 }, 2750],
    ['no answer', 'hang', undefined],
    ['a cut connection', 'drop', undefined],
    [
      'a page where JSON should be',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
      undefined,
    ],
  ])('%s — one attempt — can be tried again', async (_, answer, retryAfter) => {
    const { thrown, requests } = await failureOf(answer);

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ retryAfter });
    expect(requests).toBe(1);
  });

  test.each<[number, string]>([
    [302, 'host-redirect'],
    [400, 'host-bad-request'],
    [401, 'host-unauthorised'],
    [403, 'host-forbidden'],
    [404, 'host-not-found'],
    [418, 'host-refused'],
    [422, 'host-refused'],
  ])('%i — one attempt — is final: %s', async (status, code) => {
    const { thrown, requests } = await failureOf({ status, body: '{"message":"says why"}' });

    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ code, message: expect.stringContaining('says why') });
    expect(requests).toBe(1);
  });

  test('a redirect — to another place — is not followed with the token, and named', async () => {
    const { thrown, requests } = await failureOf({
      status: 301,
      headers: { location: 'https://new.example/x?a=b' },
    });

    expect(thrown).toMatchObject({ remedy: expect.stringContaining('https://new.example.') });
    expect(requests).toBe(1);
  });

  test('a proxy that repeats what it was sent — the message — does not hold the token', async () => {
    const { thrown } = await failureOf({ status: 403, body: 'private-token: glpat-test was refused' });

    expect(thrown).toMatchObject({ message: expect.stringContaining('was refused') });
    expect(String(thrown)).not.toContain('glpat-test');
  });

  test('a server that is not there — one attempt — can be tried again', async () => {
    const { client } = await start([{ status: 200 }]);
    await open.pop()?.();

    await expect(client.with(never).projects.show(7)).rejects.toBeInstanceOf(RetryableError);
  });
});

describe('requests', () => {
  test('a host below a path — is asked there, with the token in its header alone', async () => {
    const { client, seen } = await start([{ status: 200, body: '{"id":5}' }], { path: '/gitlab/' });

    await client.me(never);

    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'GET', path: '/gitlab/api/v4/user' });
    expect(seen[0]?.headers['private-token']).toBe('glpat-test');
  });

  test('the current user — asked for again — is asked once, until the token changes', async () => {
    let token = 'first';
    const { client, seen } = await start(
      [
        { status: 200, body: '{"id":5}' },
        { status: 200, body: '{"id":6}' },
      ],
      {
        token: () => token,
      },
    );

    expect([await client.me(never), await client.me(never)]).toEqual([5, 5]);
    token = 'second';
    expect([await client.me(never), await client.me(never)]).toEqual([6, 6]);
    expect(seen.map((request) => request.headers['private-token'])).toEqual(['first', 'second']);
  });

  test('an aborted job — in the middle of a request — throws its reason', async () => {
    const { client, seen } = await start(['hang']);
    const job = new AbortController();
    const asked = client.with(job.signal).projects.show(7);
    const thrown = asked.catch((error: unknown) => error);
    await expect.poll(() => seen.length).toBe(1);

    job.abort(new AbortError('superseded'));

    expect(await thrown).toEqual(new AbortError('superseded'));
  });

  test('an aborted job — before a request — asks nothing', async () => {
    const { client, seen } = await start([{ status: 200 }]);

    const asked = client.with(AbortSignal.abort(new AbortError('shutdown'))).projects.show(7);

    await expect(asked).rejects.toBeInstanceOf(AbortError);
    expect(seen).toHaveLength(0);
  });

  test('a deletion — sends no body — and its empty answer is fine', async () => {
    const { client, seen } = await start([{ status: 204, body: '' }]);

    await client.with(never).notes.remove(7, 3, 99);

    expect(seen[0]).toMatchObject({
      method: 'DELETE',
      path: '/api/v4/projects/7/merge_requests/3/notes/99',
      body: '',
    });
    expect(seen[0]?.headers['content-type']).toBeUndefined();
  });

  test('an answer without end — is not read to its end', async () => {
    const { client } = await start([
      { status: 200, headers: { 'content-length': String(2 ** 40) }, body: '{' },
    ]);

    await expect(client.with(never).projects.show(7)).rejects.toMatchObject({ code: 'host-answer-too-long' });
  });
});
