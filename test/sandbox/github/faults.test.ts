import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiFault } from '../../../src/sandbox/github/api/faults.ts';
import { handClock } from './hand-clock.ts';
import { startTestWorld, type TestWorld } from './world.ts';

const clock = handClock();
let world: TestWorld;
const repo = '/repos/acme/auto-mpg';

beforeEach(async () => void (world = await startTestWorld({ clock })));
afterEach(() => world.close());

describe('primary limit', () => {
  test.each([403, 429] as const)(
    'used up — %i with nothing remaining, until the hour is over',
    async (status) => {
      world.github.knobs.requestsPerHour = 2;
      world.github.knobs.primaryLimitStatus = status;
      const first = await world.api('GET', repo);
      expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([200, '1']);
      await world.api('GET', repo);
      const refused = await world.api('GET', repo);
      expect(refused).toMatchObject({
        status,
        body: { message: expect.stringContaining('API rate limit exceeded') },
      });
      expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
      const reset = Number(refused.headers.get('x-ratelimit-reset')) * 1_000;
      expect((await world.api('GET', repo, undefined, world.people.dev.token)).status).toBe(200);
      clock.advance(reset - clock.now().getTime());
      const again = await world.api(
        'GET',
        repo,
        undefined,
        world.github.installationToken(world.installation),
      );
      expect(again.status).toBe(200);
    },
  );

  test('asked for — told', async () => {
    const { body } = await world.api('GET', '/rate_limit');
    expect(body.rate).toMatchObject({ limit: 5_000, remaining: 4_999 });
  });
});

test('content limit — switched on — 403 with the time to wait, for writes only', async () => {
  world.github.knobs.contentPerMinute = 1;
  const post = async (): Promise<number> =>
    (await world.api('POST', `${repo}/statuses/${world.first}`, { state: 'success' })).status;
  expect([await post(), await post()]).toEqual([201, 403]);
  expect((await world.api('GET', repo)).status).toBe(200);
  clock.advance(60_000);
  expect(await post()).toBe(201);
});

describe('fault', () => {
  const seen: readonly (readonly [string, ApiFault, number, string | null, RegExp])[] = [
    ['broken', { kind: 'status', status: 502 }, 502, null, /Server Error/],
    ['broken in HTML', { kind: 'status', status: 503, body: 'html' }, 503, null, /^<html>/],
    ['broken in plain text', { kind: 'status', status: 500, body: 'text' }, 500, null, /^upstream/],
    ['broken without words', { kind: 'status', status: 504, body: 'empty' }, 504, null, /^$/],
    ['busy', { kind: 'busy', retryAfter: 7 }, 503, '7', /^upstream/],
    ['secondary limit', { kind: 'secondary-limit' }, 403, null, /secondary rate limit/],
    [
      'secondary limit with a time',
      { kind: 'secondary-limit', retryAfter: 9, status: 429 },
      429,
      '9',
      /secondary/,
    ],
    [
      'primary limit',
      { kind: 'primary-limit', status: 403, resetIn: 60 },
      403,
      null,
      /API rate limit exceeded/,
    ],
  ];
  test.each(seen)('%s — as it says, once', async (_name, fault, status, retryAfter, text) => {
    world.github.fail({ when: (request) => request.path === repo, fault, times: 1 });
    const got = await world.api('GET', repo);
    expect([got.status, got.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(typeof got.body === 'string' ? got.body : JSON.stringify(got.body)).toMatch(text);
    expect((await world.api('GET', repo)).status).toBe(200);
  });

  test('applied, then 502 — the check run is there', async () => {
    const { github, repository, first } = world;
    github.fail({
      when: (request) => request.method === 'POST',
      fault: { kind: 'applied-then-502' },
      times: 1,
    });
    const got = await world.api('POST', `${repo}/check-runs`, { name: 'gate', head_sha: first });
    expect(got.status).toBe(502);
    expect(github.checkRuns(repository, first).map((run) => run.name)).toEqual(['gate']);
  });

  test('dropped — the connection breaks', async () => {
    world.github.fail({ when: () => true, fault: { kind: 'drop' }, times: 1 });
    await expect(world.api('GET', repo)).rejects.toThrow('fetch failed');
  });

  test('hanging — no answer until the client gives up', async () => {
    const disarm = world.github.fail({ when: () => true, fault: { kind: 'hang' } });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(`${world.github.apiUrl}/meta`, { signal })).rejects.toThrow('aborted');
    disarm();
    expect(world.github.requests.at(-1)).toMatchObject({ path: '/meta', status: 0 });
  });

  test('of git over HTTP — as it says', async () => {
    world.github.failGit({
      when: (request) => request.path.endsWith('/info/refs'),
      fault: { kind: 'status', status: 503 },
    });
    const at = `${world.github.url}/acme/auto-mpg.git/info/refs?service=git-upload-pack`;
    expect((await fetch(at)).status).toBe(503);
  });
});
