import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostAway } from '../../src/http/access/permissions.ts';
import type { Access } from '../../src/http/access/visitor.ts';
import { eventually, startRedis, type TestRedis } from '../support/redis.ts';
import { sampleFailed, sampleLine, sampleReleaseLine, sampleReleased } from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';
import { releases as samples } from '../report/release/releases.ts';
import { parseExposition } from '../support/exposition.ts';
import { accessOf } from './access-of.ts';
import { startApp, withApp, type StartedApp } from './start-app.ts';

let redis: TestRedis;
let web: StartedApp;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const secret = {
  line: { ...sampleLine, repositoryId: '13' },
  repository: { host: 'corp', id: '13', path: 'board/secret-plan' },
};

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
  const { store } = web.releases;
  await store.saveRelease(sampleFailed({ id: 'open' }));
  await store.saveLine(sampleReleaseLine());
  await store.saveRelease(sampleReleased({ id: 'hidden', ...secret }));
  await store.saveLine(sampleReleaseLine(secret));
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

const withAccess = <Value>(access: Access, use: (app: StartedApp) => Promise<Value>): Promise<Value> =>
  withApp({ redisUrl: redis.url, access }, use);

describe('a visitor who may read one of two repositories', () => {
  const rights = { mayRead: ['corp/12'] };

  test.each([
    ['GET', '/releases', 200],
    ['GET', '/releases?line=corp/13/prod', 200],
    ['GET', '/releases?line=../x', 200],
    ['GET', '/releases/open', 200],
    ['GET', '/releases/hidden', 404],
    ['GET', '/releases/hidden/log', 404],
    ['GET', '/releases/none', 404],
    ['GET', '/releases/%00', 404],
    ['POST', '/releases/hidden/retry', 404],
    ['POST', '/releases/hidden/hold', 404],
    ['POST', '/releases/hidden/resume', 404],
    ['POST', '/releases/open/retry', 403],
    ['POST', '/releases/open/hold', 403],
    ['POST', '/releases/open/resume', 403],
  ] as const)('%s %s — %i, and nothing of the other', async (method, url, code) => {
    const access = accessOf(rights);
    await withAccess(access, async ({ app, audit }) => {
      const { statusCode, body } = await app.inject({ method, url });
      expect(statusCode).toBe(code);
      expect(body).not.toContain('secret-plan');
      expect(body).not.toMatch(/<button>(?:Retry|Hold|Resume)/);
      expect(await audit.last(1)).toEqual([]);
    });
    expect(access.asked.length).toBe(new Set(access.asked).size);
  });
});

test('a host that does not answer — the list — says that it is not complete', async () => {
  const nobody = accessOf({ mayRead: [] });
  const away: Access = {
    actorOf: (request, reply) => nobody.actorOf(request, reply),
    visitorOf: async (request, reply) => {
      const visitor = await nobody.visitorOf(request, reply);
      return visitor === undefined
        ? undefined
        : { ...visitor, mayRead: () => Promise.reject(hostAway('corp')) };
    },
  };
  await withAccess(away, async ({ app }) => {
    const { body } = await app.inject('/releases');
    expect(body).toContain('This list is not complete');
    expect(body).not.toMatch(/secret-plan|auto-mpg/);
  });
});

describe('actions of somebody who may push', () => {
  const pusher = accessOf({ mayRead: ['corp/12'], mayAct: ['corp/12'] });

  test('from another site — refused, and nothing is done', async () => {
    for (const action of ['retry', 'hold', 'resume']) {
      const { statusCode } = await web.app.inject({
        method: 'POST',
        url: `/releases/open/${action}`,
        headers: { ...form, host: 'localhost', origin: 'https://evil.example.com' },
        payload: 'reason=x',
      });
      expect(statusCode).toBe(403);
    }
    expect(await web.releases.store.loadLine(sampleLine)).toMatchObject({ rev: 1 });
  });

  test('hold without a reason, resume of what is not held — not done, with the reason', async () => {
    await withAccess(pusher, async ({ app, releases }) => {
      const post = (action: string, payload = '') =>
        app.inject({ method: 'POST', url: `/releases/open/${action}`, headers: form, payload });
      const [hold, resume] = [await post('hold', 'reason=++'), await post('resume')];
      expect([hold.statusCode, resume.statusCode]).toEqual([409, 409]);
      expect(hold.body).toContain('A hold needs a reason.');
      expect(resume.body).toContain('The line corp/12/prod is not held');
      expect(await releases.store.loadLine(sampleLine)).toMatchObject({ rev: 1 });
    });
  });

  test('retry, and retry again — the second one is told what there is', async () => {
    await withAccess(pusher, async ({ app, releases, audit }) => {
      const retry = () => app.inject({ method: 'POST', url: '/releases/open/retry', headers: form });
      const [first, second] = [await retry(), await retry()];
      expect([first.statusCode, first.headers['location'], second.statusCode]).toEqual([
        303,
        '/releases/open',
        409,
      ]);
      expect(second.body).toContain('Attempt 2 at 33333333 is under way, or waits for its turn.');
      const line = await releases.store.loadLine(sampleLine);
      expect(line?.waiting).toEqual({ commit: sampleSha('3'), branch: 'main', attempt: 2 });
      expect(await audit.last(2)).toMatchObject([{ actor: 'alice at corp', action: 'retry release' }]);
    });
  });
});

test.each(Object.keys(samples))('%s — its page — is made, and nothing of it is markup', async (name) => {
  const release = samples[name];
  if (release === undefined) throw new Error(`no release ${name}`);
  await web.releases.store.saveRelease({ ...release, id: `sample-${name}` });
  const { statusCode, body } = await web.app.inject(`/releases/sample-${name}`);
  expect(statusCode).toBe(200);
  expect(body).not.toMatch(/<script>alert|\u202e|href="javascript/);
  expect(body).toMatch(/<section id="verdict" class="verdict (passed|failed|running|waiting|ended)"/);
});

test('what is held — a line and a release — is on /operations, and counted in /metrics', async () => {
  const { store } = web.releases;
  const line = { ...sampleLine, environment: 'held-here' };
  const hold = {
    at: '2026-05-04T10:00:00.000Z',
    actor: 'ada',
    reason: 'the <cluster> moves',
    remedy: 'Wait.',
  };
  const released = {
    commit: sampleSha('1'),
    releaseId: 'x',
    at: new Date(Date.now() - 3_600_000).toISOString(),
  };
  const active = { commit: sampleSha('3'), branch: 'main', attempt: 1 };
  await store.saveLine(sampleReleaseLine({ line, hold, active, released: { ...released, metrics: {} } }));
  await store.saveRelease(sampleReleased({ id: 'waits-for-people', line, outcome: undefined, hold }));

  const { body } = await web.app.inject('/operations');
  expect(body).toContain('the &lt;cluster&gt; moves');
  expect(body).toContain('<a href="/releases?line=corp%2F12%2Fheld-here">');
  expect(body).toContain('<a href="/releases/waits-for-people">');

  const families = parseExposition((await web.app.inject('/metrics')).body);
  const samplesOf = (name: string) => families.find((family) => family.name === name)?.samples ?? [];
  expect(samplesOf('modelgate_release_lines_held').map(({ value }) => value)).toEqual([2]);
  const [since] = samplesOf('modelgate_release_last_seconds');
  expect(since?.labels).toEqual({ host: 'corp', repository: '12', environment: 'held-here' });
  expect(Math.round((since?.value ?? 0) / 60)).toBe(60);
});
