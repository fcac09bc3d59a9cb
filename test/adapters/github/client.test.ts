import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { apiUrlOf } from '../../../src/adapters/github/addresses.ts';
import { createGithubClient } from '../../../src/adapters/github/client.ts';
import type { Authority, GithubCredentials } from '../../../src/adapters/github/tokens.ts';
import { AbortError, RetryableError, UserError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { startScriptedServer, type ScriptedAnswer } from '../../support/scripted-server.ts';

const dispatchers = createDispatchers();
const open: (() => Promise<void>)[] = [];
const now = new Date('2026-11-22T12:00:00Z');
const inSeconds = (seconds: number): string => String(now.getTime() / 1000 + seconds);
const never = new AbortController().signal;
const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
const parameters = { owner: 'acme', repo: 'auto-mpg', pull_number: 3 };

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const keys = [pair(), pair()] as const;
const pemOf = (key: (typeof keys)[number], type: 'pkcs1' | 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString();

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => dispatchers.close());

async function start(
  script: readonly ScriptedAnswer[],
  credentials: GithubCredentials = { kind: 'token', token: () => 'ghp_test' },
) {
  const server = await startScriptedServer(script);
  open.push(server.close);
  const client = createGithubClient(
    { id: 'hub', url: server.url, credentials, timeouts: { headersMs: 300, bodyMs: 300, totalMs: 300 } },
    { clock: { now: () => now, sleep: async () => {}, after: () => () => {} }, dispatchers },
  );
  const send = (as: Authority = { kind: 'app' }, signal = never) =>
    client.send({ route, parameters, as }, signal);
  return { client, send, seen: server.seen };
}

async function failureOf(answer: ScriptedAnswer): Promise<{ thrown: unknown; requests: number }> {
  const { send, seen } = await start([answer]);
  const thrown = await send().catch((error: unknown) => error);
  return { thrown, requests: seen.length };
}

const limit = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const about =
  'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits';

describe('answers', () => {
  test.each<[string, ScriptedAnswer, number | undefined]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '17' } }, 17_000],
    ['429 with a date', { status: 429, headers: { 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT' } }, 90_000],
    ['429 with nothing', { status: 429 }, 60_000],
    [
      '429 in plain text',
      { status: 429, headers: { 'content-type': 'text/plain' }, body: 'Slow down' },
      60_000,
    ],
    ['403 with seconds', { status: 403, headers: { 'retry-after': '30' } }, 30_000],
    [
      'the primary limit, which says when it is over',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(900) } },
      900_000,
    ],
    [
      'the primary limit, told with 429',
      { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(9) } },
      9000,
    ],
    [
      'the primary limit of a clock that is ahead of ours',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(-9) } },
      1000,
    ],
    [
      'the primary limit for longer than an hour',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(90_000) } },
      3_600_000,
    ],
    ['the primary limit without a time', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 60_000],
    [
      'both: seconds win',
      {
        status: 403,
        headers: { 'retry-after': '5', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(900) },
      },
      5000,
    ],
    [
      'a reset while requests are left',
      {
        status: 429,
        headers: { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': inSeconds(900) },
      },
      60_000,
    ],
    [
      'the secondary limit without headers',
      { status: 403, body: JSON.stringify({ message: limit }) },
      60_000,
    ],
    [
      'the secondary limit, told by its documentation alone',
      { status: 403, body: JSON.stringify({ message: 'Wait.', documentation_url: about }) },
      60_000,
    ],
    ['500', { status: 500 }, undefined],
    ['502 of a proxy', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' }, undefined],
    ['503 with seconds', { status: 503, headers: { 'retry-after': '120' } }, 120_000],
    ['409', { status: 409 }, undefined],
    ['no answer', 'hang', undefined],
    ['a cut connection', 'drop', undefined],
  ])('%s — one attempt — can be tried again', async (_, answer, retryAfter) => {
    const { thrown, requests } = await failureOf(answer);

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ retryAfter });
    expect(requests).toBe(1);
  });

  test.each<[number, string]>([
    [301, 'host-redirect'],
    [307, 'host-redirect'],
    [400, 'host-bad-request'],
    [401, 'host-unauthorised'],
    [403, 'host-forbidden'],
    [404, 'host-not-found'],
    [410, 'host-not-found'],
    [418, 'host-refused'],
    [422, 'host-refused'],
    [451, 'host-refused'],
  ])('%i — one attempt — is final: %s', async (status, code) => {
    const { thrown, requests } = await failureOf({
      status,
      body: '{"message":"says\\nwhy"}',
      headers: { location: 'https://elsewhere.example/' },
    });

    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({ code, message: expect.stringContaining('says why') });
    expect(requests).toBe(1);
  });

  test('an answer without end — is not read to its end', async () => {
    const { thrown } = await failureOf({
      status: 200,
      headers: { 'content-length': String(2 ** 40) },
      body: '{',
    });

    expect(thrown).toMatchObject({ code: 'host-answer-too-long' });
  });

  test('a refusal of many lines — is told in one, cut', async () => {
    const { thrown } = await failureOf({
      status: 422,
      body: JSON.stringify({ message: 'x\n'.repeat(5000) }),
    });

    expect(String(thrown).length).toBeLessThan(400);
    expect(String(thrown)).not.toContain('\n');
  });

  test('a server that is not there — can be tried again', async () => {
    const { send } = await start([{ status: 200 }]);
    await open.pop()?.();

    await expect(send()).rejects.toBeInstanceOf(RetryableError);
  });
});

describe('requests', () => {
  test('of a token — name the version, the token in its header alone', async () => {
    const { send, seen } = await start([{ status: 200, body: '{"id":5}' }]);

    expect((await send()).data).toEqual({ id: 5 });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'GET', path: '/api/v3/repos/acme/auto-mpg/pulls/3' });
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'token ghp_test',
      'x-github-api-version': '2022-11-28',
      'user-agent': expect.stringContaining('modelgate'),
    });
  });

  test('a token that is refused — is not asked about twice', async () => {
    const { send, seen } = await start([{ status: 401 }]);

    await expect(send()).rejects.toMatchObject({ code: 'host-unauthorised' });
    expect(seen).toHaveLength(1);
  });

  test('an aborted job — in the middle of a request — throws its reason', async () => {
    const { send, seen } = await start(['hang']);
    const job = new AbortController();
    const thrown = send({ kind: 'app' }, job.signal).catch((error: unknown) => error);
    await expect.poll(() => seen.length).toBe(1);

    job.abort(new AbortError('superseded'));

    expect(await thrown).toBe(job.signal.reason);
  });

  test('an aborted job — before a request — asks nothing', async () => {
    const { send, seen } = await start([{ status: 200 }]);

    await expect(send({ kind: 'app' }, AbortSignal.abort(new AbortError('shutdown')))).rejects.toBeInstanceOf(
      AbortError,
    );
    expect(seen).toHaveLength(0);
  });
});

describe('as an App', () => {
  const minted = (token: string): ScriptedAnswer => ({
    status: 201,
    body: JSON.stringify({
      token,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: {},
      repository_selection: 'selected',
    }),
  });
  const ours: Authority = { kind: 'repository', installationId: 9, repositoryId: 7, purpose: 'read' };
  const app = (privateKey: () => string): GithubCredentials => ({ kind: 'app', id: 12, privateKey });
  const steady = app(() => pemOf(keys[0], 'pkcs1'));
  const tokens = (seen: readonly { readonly headers: Readonly<Record<string, unknown>> }[]) =>
    seen.map(({ headers }) => String(headers['authorization']));

  test('a request — mints a token for the repository and the purpose, once', async () => {
    const { send, seen } = await start([minted('ghs_1'), { status: 200 }, { status: 200 }], steady);

    await send(ours);
    await send(ours);

    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v3/app/installations/9/access_tokens',
      'GET /api/v3/repos/acme/auto-mpg/pulls/3',
      'GET /api/v3/repos/acme/auto-mpg/pulls/3',
    ]);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      repository_ids: [7],
      permissions: { metadata: 'read', contents: 'read', pull_requests: 'read' },
    });
    expect(tokens(seen).slice(1)).toEqual(['token ghs_1', 'token ghs_1']);
  });

  test('a token that was revoked — is minted anew, once', async () => {
    const { send, seen } = await start(
      [minted('ghs_old'), { status: 401 }, minted('ghs_new'), { status: 200 }],
      steady,
    );

    await send(ours);

    expect(tokens(seen).filter((token) => token.startsWith('token'))).toEqual([
      'token ghs_old',
      'token ghs_new',
    ]);
  });

  test('a new token that is refused too — is final', async () => {
    const { send, seen } = await start([minted('a'), { status: 401 }, minted('b'), { status: 401 }], steady);

    await expect(send(ours)).rejects.toMatchObject({ code: 'host-unauthorised' });
    expect(seen).toHaveLength(4);
  });

  test('another private key — the next request — is signed with it', async () => {
    let key = pemOf(keys[0], 'pkcs8');
    const { send, seen } = await start(
      [minted('ghs_1'), { status: 200 }, minted('ghs_2'), { status: 200 }],
      app(() => key),
    );

    await send(ours);
    key = pemOf(keys[1], 'pkcs1');
    await send(ours);

    expect(tokens(seen).filter((token) => token.startsWith('token'))).toEqual(['token ghs_1', 'token ghs_2']);
  });

  test.each([404, 422])('no token, because of %i — the installation is not what we think', async (status) => {
    const { send } = await start([{ status, body: '{"message":"no"}' }], steady);

    await expect(send(ours)).rejects.toMatchObject({ code: 'host-not-installed' });
  });

  test.each<[string, ScriptedAnswer, object]>([
    ['GitHub is down', { status: 502 }, { name: 'RetryableError' }],
    ['too many tokens', { status: 403, headers: { 'retry-after': '9' } }, { retryAfter: 9000 }],
    ['a refused key', { status: 401 }, { code: 'host-unauthorised' }],
    ['no answer', 'hang', { name: 'RetryableError' }],
  ])('%s — asked for what git shows — fails as a request does', async (_, answer, failure) => {
    const { client, seen } = await start([answer], steady);

    await expect(client.authorise(ours, false, never)).rejects.toMatchObject(failure);
    expect(seen).toHaveLength(1);
  });

  test.each(['', 'not a key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----'])(
    'the private key %j — is none — and is not quoted',
    async (key) => {
      const { send, seen } = await start(
        [{ status: 200 }],
        app(() => key),
      );
      const thrown = await send(ours).catch((error: unknown) => error);

      expect(thrown).toMatchObject({ code: 'host-unauthorised', remedy: expect.stringContaining('BEGIN') });
      expect(String(thrown)).not.toContain('AAAA');
      expect(seen).toHaveLength(0);
    },
  );
});

test.each([
  ['https://github.com', 'https://api.github.com'],
  ['https://github.com/', 'https://api.github.com'],
  ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://ghe.corp:8443/', 'https://ghe.corp:8443/api/v3'],
])('%s — its API — is at %s', (url, api) => {
  expect(apiUrlOf(url)).toBe(api);
});
