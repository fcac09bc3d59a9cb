import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostAway } from '../../src/http/access/permissions.ts';
import type { Access, RepositoryId } from '../../src/http/access/visitor.ts';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { sampleJudgement, sampleRun, sampleSubject } from '../support/sample-run.ts';
import { accessOf } from './access-of.ts';
import { startApp, withApp, type StartedApp } from './start-app.ts';

let redis: TestRedis;
let web: StartedApp;
const secret = { ...sampleSubject, repositoryId: '13', number: 4 };

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
  const run = sampleRun({ state: 'judged', judgement: sampleJudgement() });
  await web.runStore.saveRun({ ...run, id: 'open' });
  const repository = { host: 'corp', id: '13', path: 'board/secret-plan' };
  const change = { ...run.change, repository, number: 4, title: 'Buy the competitor' };
  await web.runStore.saveRun({ ...run, id: 'hidden', subject: secret, change });
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
    ['GET', '/runs/open', 200],
    ['GET', '/runs/hidden', 404],
    ['GET', '/runs/hidden/log', 404],
    ['GET', '/changes/corp/12/7', 200],
    ['GET', '/changes/corp/13/4', 404],
    ['GET', '/changes/corp/13/4/events', 404],
    ['GET', '/changes/corp/12/8', 404],
    ['GET', '/changes/corp/ml%2Fauto-mpg/7', 302],
    ['GET', '/changes/corp/board%2Fsecret-plan/4', 404],
    ['GET', '/changes/corp/nobody%2Fknows/4', 404],
    ['GET', '/changes/corp/12/0x7', 404],
    ['GET', '/changes/corp/%00/7', 404],
    ['POST', '/runs/hidden/retest', 404],
    ['POST', '/runs/none/retest', 404],
    ['POST', '/runs/open/retest', 403],
  ] as const)('%s %s — %i, and nothing of the other', async (method, url, code) => {
    await withAccess(accessOf(rights), async ({ app }) => {
      const { statusCode, body } = await app.inject({ method, url });
      expect(statusCode).toBe(code);
      expect(body).not.toMatch(/secret-plan|competitor/);
    });
  });

  test.each(['/', '/?repository=corp/13', '/?show=failed', '/?repository=corp/13&repository=corp/12'])(
    '%s — opened — names nothing of the other, and asks once for each repository',
    async (url) => {
      const access = accessOf(rights);
      await withAccess(access, async ({ app }) => {
        const { statusCode, body } = await app.inject(url);
        expect(statusCode).toBe(200);
        expect(body).not.toMatch(/secret-plan|competitor|corp\/13|corp%2F13/);
      });
      expect(access.asked.length).toBe(new Set(access.asked).size);
    },
  );

  test.each(['/changes/corp/99/1', '/changes/corp/99/1/events', '/changes/corp/acme%2Fmade-up/1'])(
    '%s, which has no runs — made up — is no question for the host',
    async (url) => {
      const access = accessOf(rights);
      await withAccess(access, async ({ app }) => {
        expect((await app.inject(url)).statusCode).toBe(404);
      });
      expect(access.asked).toEqual([]);
    },
  );

  test('what is not there and what may not be read — asked for — get the same answer', async () => {
    await withAccess(accessOf(rights), async ({ app }) => {
      const answers = await Promise.all(['/runs/hidden', '/runs/none'].map((url) => app.inject(url)));
      const [hidden, none] = answers.map(({ statusCode, body }) => ({ statusCode, body }));
      expect(hidden).toEqual(none);
    });
  });
});

test('a merge group — its page and the list — are found by its branch, and named by it', async () => {
  const branch = `gh-readonly-queue/release/${'2026-'.repeat(20)}+x/pr-7-${'d'.repeat(40)}`;
  const subject = { kind: 'merge-group', host: 'hub', repositoryId: '9', branch } as const;
  const { change } = sampleRun();
  const repository = { host: 'hub', id: '9', path: 'acme/models' };
  const group = { ...change, repository, number: undefined, reference: branch, title: 'Merge group' };
  await web.runStore.saveRun(sampleRun({ id: 'group', subject, change: group }));
  const pull = { ...change, repository, number: 8, reference: '#8' };
  await web.runStore.saveRun(
    sampleRun({
      id: 'pull',
      subject: { ...sampleSubject, host: 'hub', repositoryId: '9', number: 8 },
      change: pull,
    }),
  );
  await withAccess(accessOf({ mayRead: ['hub/9'], mayAct: ['hub/9'] }), async ({ app, runStore }) => {
    const list = (await app.inject('/')).body;
    const address = /href="(\/changes\/hub\/9\/gh-[^"]+)"/.exec(list)?.[1] ?? '';
    expect((await app.inject(address)).body).toContain(branch);
    expect((await app.inject('/runs/group')).body).toContain(`href="${address}"`);
    expect(list).toContain('href="/changes/hub/9/8">#8<');
    await app.inject({ method: 'POST', url: '/runs/group/retest' });
    expect((await runStore.loadSubject(subject))?.fresh).toBe(1);
  });
});

test.each([
  ['main', 'one'],
  ['release/2026+x', 'two'],
])('a branch, %s — its page is found, and judged again', async (branch, id) => {
  const subject = { kind: 'branch', host: 'hub', repositoryId: '9', branch } as const;
  const { change } = sampleRun();
  const repository = { host: 'hub', id: '9', path: 'acme/models' };
  const source = { ...change.source, branch };
  const tip = { ...change, repository, number: undefined, reference: branch, source, targetBranch: branch };
  await web.runStore.saveRun(sampleRun({ id, subject, change: tip }));
  await withAccess(accessOf({ mayRead: ['hub/9'], mayAct: ['hub/9'] }), async ({ app, runStore }) => {
    const address = `/changes/hub/9/~${encodeURIComponent(branch)}`;
    const page = (await app.inject(`/runs/${id}`)).body;
    expect(page).toContain(`href="${address}">All runs of this branch<`);
    expect(page).toContain(`of ${branch}, its tip`);
    const runs = await app.inject(address);
    expect([runs.statusCode, runs.body.includes(`href="/runs/${id}"`)]).toEqual([200, true]);
    await app.inject({ method: 'POST', url: `/runs/${id}/retest` });
    expect((await runStore.loadSubject(subject))?.fresh).toBe(1);
  });
});

test.each([
  [true, 1],
  [false, 0],
])('a visitor who signed in: %s — sees how to sign out: %i', async (signedIn, count) => {
  const access = accessOf({ mayRead: ['corp/12'], signedIn });
  await withAccess(access, async ({ app }) => {
    for (const url of ['/', '/runs/open', '/changes/corp/12/7'])
      expect((await app.inject(url)).body.split('action="/sign-out"').length - 1).toBe(count);
  });
});

/** The same, where the host says nothing about some repositories. */
function silentAbout(access: Access, isSilent: (id: string) => boolean): Access {
  async function visitorOf(...asked: Parameters<Access['visitorOf']>) {
    const visitor = await access.visitorOf(...asked);
    if (visitor === undefined) return undefined;
    const unless =
      (ask: (repository: RepositoryId) => Promise<boolean>) =>
      (repository: RepositoryId): Promise<boolean> =>
        isSilent(repository.id) ? Promise.reject(hostAway(repository.host)) : ask(repository);
    return {
      ...visitor,
      mayRead: unless((repository) => visitor.mayRead(repository)),
      mayAct: unless((repository) => visitor.mayAct(repository)),
    };
  }
  return { visitorOf, actorOf: visitorOf };
}

describe('a host that does not say what somebody may do', () => {
  const access = accessOf({ mayRead: ['corp/12', 'corp/13'], mayAct: ['corp/12'] });

  test('about one repository, the list is opened — shows what it can, and says that there may be more', async () => {
    await withAccess(
      silentAbout(access, (id) => id === '13'),
      async ({ app }) => {
        const { statusCode, body } = await app.inject('/');
        expect(statusCode).toBe(200);
        expect(body).toContain('ml/auto-mpg');
        expect(body).toContain('corp does not say at the moment what you may read');
        expect(body).not.toContain('secret-plan');
      },
    );
  });

  test.each(['/', '/?repository=corp/13'])('about any, %s is opened — is no empty list', async (url) => {
    await withAccess(
      silentAbout(access, () => true),
      async ({ app }) => {
        const { body } = await app.inject(url);
        expect(body).toContain('This list is not complete.');
        expect(body).not.toMatch(/no run yet|no run of this repository/);
      },
    );
  });

  test('very many repositories — is asked about a few of them', async () => {
    const { change } = sampleRun();
    for (let index = 0; index < 40; index += 1) {
      const id = `many-${index}`;
      const repository = { host: 'slow', id, path: `acme/${id}` };
      const subject = { ...sampleSubject, host: 'slow', repositoryId: id };
      await web.runStore.saveRun(sampleRun({ id, subject, change: { ...change, repository } }));
    }
    let asked = 0;
    await withAccess(
      silentAbout(access, (id) => id.startsWith('many-') && (asked += 1) > 0),
      async ({ app }) => {
        const { body } = await app.inject('/');
        expect(body).toContain('slow does not say');
        expect(body).toContain('ml/auto-mpg');
      },
    );
    expect(asked).toBeLessThan(20);
  });

  test('judging again is asked for — says so, and not that the person may not', async () => {
    let isSilent = false;
    const readable = silentAbout(access, () => isSilent);
    const forgetful: Access = {
      ...readable,
      async actorOf(...asked) {
        const visitor = await readable.actorOf(...asked);
        // It may be known still that they may read.
        return visitor && { ...visitor, mayRead: async () => (isSilent = true) };
      },
    };
    await withAccess(forgetful, async ({ app }) => {
      const { statusCode, body } = await app.inject({ method: 'POST', url: '/runs/open/retest' });
      expect(statusCode).toBe(503);
      expect(body).toContain('corp does not answer');
    });
  });
});

describe('judging again', () => {
  const rights = { mayRead: ['corp/12'], mayAct: ['corp/12'] };

  test('one who may push — asks — a fresh evaluation is poked, and the run and the log name who', async () => {
    await withAccess(accessOf(rights), async ({ app, audit, runStore, lines }) => {
      const fresh = async () => (await runStore.loadSubject(sampleSubject))?.fresh ?? 0;
      const before = await fresh();
      const waiting = await redis.client.llen('t:queue:gate:wait');
      const { statusCode, headers } = await app.inject({ method: 'POST', url: '/runs/open/retest' });

      expect([statusCode, headers.location]).toEqual([303, '/runs/open']);
      expect(await fresh()).toBe(before + 1);
      expect(await redis.client.llen('t:queue:gate:wait')).toBe(waiting + 1);
      const timeline = (await runStore.loadRun('open'))?.timeline ?? [];
      expect(timeline.at(-1)?.text).toBe('alice at corp asked for it to be judged again');
      expect(await audit.last(1)).toMatchObject([
        { actor: 'alice at corp', action: 'judge again', subject: 'change/corp/12/7' },
      ]);
      expect(lines.find(({ fields }) => 'actor' in fields)?.fields).toMatchObject({
        actor: 'alice at corp',
        run: 'open',
      });
      expect((await app.inject('/runs/open')).body).toContain('It will be judged again');
    });
  });

  test('a run under way — is left to the worker that has it', async () => {
    const subject = { ...sampleSubject, number: 70 };
    const run = await web.runStore.saveRun(sampleRun({ id: 'busy', subject }));
    await withAccess(accessOf(rights), async ({ app, runStore }) => {
      await app.inject({ method: 'POST', url: '/runs/busy/retest' });
      expect((await runStore.loadRun('busy'))?.rev).toBe(run.rev);
      expect((await runStore.loadSubject(subject))?.fresh).toBe(1);
    });
  });

  test.each([
    [{ ...rights, mayAct: [] }, false],
    [rights, true],
  ])('a visitor with %j — sees the button: %s', async (of, seen) => {
    await withAccess(accessOf(of), async ({ app }) => {
      expect((await app.inject('/runs/open')).body.includes('Judge again')).toBe(seen);
      expect((await app.inject('/changes/corp/12/7')).body.includes('Judge again')).toBe(seen);
    });
  });

  test.each([
    [undefined, 403],
    ['https://evil.example.com', 403],
    ['null', 403],
    ['http://localhost', 303],
  ])('a form of the origin %s — sent — %i', async (origin, code) => {
    const headers = { host: 'localhost', ...(origin === undefined ? {} : { origin }) };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await web.app.inject({
      method: 'POST',
      url: '/runs/open/retest',
      headers: { ...headers, ...type },
      payload: '',
    });
    expect(answer.statusCode).toBe(code);
  });
});

test.each([
  ['/assets/style.css', 'text/css; charset=utf-8'],
  ['/assets/page.js', 'text/javascript; charset=utf-8'],
  ['/assets/icon.svg', 'image/svg+xml'],
])('%s — asked for twice — is sent once', async (url, type) => {
  const first = await web.app.inject(url);
  const second = await web.app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } });
  expect(first.headers['content-type']).toBe(type);
  expect([first.statusCode, second.statusCode, second.body]).toEqual([200, 304, '']);
});
