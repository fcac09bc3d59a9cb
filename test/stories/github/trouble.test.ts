import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFault, ApiRequest } from '../../../src/sandbox/github/api/faults.ts';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { eventually } from '../../support/redis.ts';
import { expectClean, expectShown, ourComments } from '../../support/story-end.ts';
import { createStoryWorld, type StoryChange, type StoryWorld } from '../../support/story-world.ts';

const later = '{ after: [1h], then: 1h, until: 1d }';
const isCheck = ({ method, path }: ApiRequest): boolean => method !== 'GET' && path.includes('/check-runs');
const isCreation = (request: ApiRequest): boolean => isCheck(request) && request.method === 'POST';
const isUpdate = (request: ApiRequest): boolean => isCheck(request) && request.method === 'PATCH';
const isComment = ({ method, path }: ApiRequest): boolean => method !== 'GET' && path.includes('/comments');
const isRead = ({ method, path }: ApiRequest): boolean => method === 'GET' && /\/pulls\/\d+$/.test(path);
const isToken = ({ path }: ApiRequest): boolean => path.endsWith('/access_tokens');

/** Pointers to data that nobody pushed. */
function pointers(name: string, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const md5 = Buffer.from(`${name}-${index}`).toString('hex').padStart(32, '0').slice(-32);
      return [`${index}.dvc`, `outs:\n- md5: ${md5}\n  size: 3\n  hash: md5\n  path: ${name}-${index}\n`];
    }),
  );
}

/** Nobody waits a minute for a test: the stored wake-up is made due. */
async function dueNow({ redis }: StoryWorld, key: string): Promise<void> {
  const text = await redis.client.hget('modelgate:wake-ups:jobs', key);
  const job: object = JSON.parse(text ?? '');
  await redis.client.hset('modelgate:wake-ups:jobs', key, JSON.stringify({ ...job, at: Date.now() }));
  await redis.client.zadd('modelgate:wake-ups', Date.now(), key);
}

describe('what GitHub does wrong', () => {
  let world: StoryWorld<GithubStoryHost>;
  let end: (() => void)[] = [];
  beforeAll(async () => {
    const timing = { requests: { headersMs: 1000, bodyMs: 1000, totalMs: 1500 } };
    world = await createStoryWorld({ host: 'github', recheck: later, timing });
  });
  afterEach(() => {
    for (const stop of end) stop();
    end = [];
  });
  afterAll(() => world.close());

  function fail(when: (request: ApiRequest) => boolean, fault: ApiFault, times = 1): void {
    end.push(world.host.sandbox.fail({ when, fault, times }));
  }

  /** One check and one comment, and no finding twice beside the lines. */
  async function expectOnce(change: StoryChange, findings: number): Promise<void> {
    await world.status(change, ({ state }) => state === 'failure');
    await eventually('the comment', () => ourComments(world, change).length > 0);
    await expectShown(world, change, { state: 'failure', comments: 1 });
    const runs = world.host.checks(change);
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['failure']);
    const paths = runs[0]?.annotations.map(({ path }) => path) ?? [];
    expect(paths).toHaveLength(findings);
    expect(new Set(paths).size).toBe(findings);
  }

  const nth = (when: (request: ApiRequest) => boolean, number: number) => {
    let seen = 0;
    return (request: ApiRequest): boolean => when(request) && (seen += 1) === number;
  };
  const lost: readonly [string, () => (request: ApiRequest) => boolean][] = [
    ['the creation of the check', () => isCreation],
    ['the first batch of annotations', () => nth(isUpdate, 1)],
    ['the second batch of annotations', () => nth(isUpdate, 2)],
    ['the completion', () => nth(isUpdate, 3)],
    ['the comment', () => isComment],
  ];
  test.each(lost)(
    '%s is carried out and answered with 502 — one check, one comment, nothing twice',
    async (name, when) => {
      fail(when(), { kind: 'applied-then-502' });
      const branch = name.replaceAll(' ', '-');

      await expectOnce(await world.propose(branch, pointers(branch, 120)), 120);
    },
  );

  const limits: readonly [string, ApiFault][] = [
    ['the secondary limit, with Retry-After', { kind: 'secondary-limit', retryAfter: 2 }],
    ['the secondary limit as 429', { kind: 'secondary-limit', status: 429, retryAfter: 2 }],
    ['the primary limit, which says when it resets', { kind: 'primary-limit', status: 403, resetIn: 3 }],
    ['busy servers, with Retry-After', { kind: 'busy', retryAfter: 2 }],
  ];
  test.each(limits)(
    '%s — nobody asks before that time, and then the check comes, once',
    async (name, fault) => {
      const asked: number[] = [];
      fail(isCreation, fault);
      end.push(world.host.sandbox.observe((request) => void (isCreation(request) && asked.push(Date.now()))));
      const branch = name.replace(/\W+/g, '-');

      await expectOnce(await world.propose(branch, pointers(branch, 1)), 1);

      expect(asked).toHaveLength(2);
      expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(1900);
    },
  );

  test('the secondary limit without a header — a minute of patience, not a missing permission', async () => {
    fail(isRead, { kind: 'secondary-limit', status: 403 });
    const before = Date.now();
    const change = await world.propose('no-header', pointers('no-header', 1));
    const key = `gate-change/github/${change.repository.id}/${change.number}`;
    let due = 0;
    await eventually('the wake-up', async () => {
      due = Number(await world.redis.client.zscore('modelgate:wake-ups', key));
      return due > 0;
    });
    expect(due - before).toBeGreaterThan(55_000);
    expect(due - before).toBeLessThan(75_000);
    expect(world.host.checks(change)).toEqual([]);

    // That nobody else asks meanwhile is what the process remembers: another one asks at once.
    await world.stopService();
    await world.startService();
    await dueNow(world, key);

    await expectOnce(change, 1);
    expect(world.lines.join('')).not.toContain('host-forbidden');
  });

  test('our tokens are revoked, and none is made, once — tried again', async () => {
    for (const token of world.host.shownTokens()) world.host.sandbox.revokeToken(token);
    fail(isToken, { kind: 'status', status: 503 });

    await expectOnce(await world.propose('no-token', pointers('no-token', 1)), 1);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('what owners do meanwhile', () => {
  let world: StoryWorld<GithubStoryHost>;
  let quick: () => void = () => undefined;
  beforeAll(async () => void (world = await createStoryWorld({ host: 'github', recheck: later })));
  afterEach(() => quick());
  afterAll(() => world.close());

  const logSince = (line: number): string => world.lines.slice(line).join('');

  test('a repository is renamed while a change is judged — the verdict comes under the new name', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1500 } });
    const renamed = await world.addRepository('ml/before');
    const files = { 'r.dvc': await world.track('r.csv', 'renamed\n', 'not pushed') };
    const change = await world.propose('renamed', files, { repository: renamed });
    await world.status(change, ({ state }) => state === 'running');

    world.host.sandbox.renameRepository(world.host.repository(renamed), 'after');

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.checks(change)).toHaveLength(1);
    await world.host.commit(renamed, 'renamed', { 'NOTES.md': 'x\n' });
    quick();
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
  });

  test('the App is suspended while a change is judged — the log says it, and it goes on when it may', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1000 } });
    const { sandbox, installation } = world.host;
    const before = world.lines.length;
    const files = { 's.dvc': await world.track('s.csv', 'suspended\n', 'not pushed') };
    const change = await world.propose('suspended', files);
    await world.status(change, ({ state }) => state === 'running');

    sandbox.suspend(installation);

    await eventually('the log', () => logSince(before).includes('This installation has been suspended'));
    expect(logSince(before)).not.toContain('a defect of modelgate');
    sandbox.suspend(installation, false);
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.checks(change)).toHaveLength(1);
  });

  test('the App is taken away and installed again — a clear log, and the open change is found by the sweep', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1000 } });
    const { sandbox, app, installation } = world.host;
    const before = world.lines.length;
    const files = { 'u.dvc': await world.track('u.csv', 'uninstalled\n', 'not pushed') };
    const change = await world.propose('uninstalled', files);
    await world.status(change, ({ state }) => state === 'running');

    sandbox.uninstall(installation);

    await eventually('the log', () => /could not be judged|no such change/.test(logSince(before)));
    expect(logSince(before)).not.toContain('a defect of modelgate');
    sandbox.install(app, 'ml');
    await eventually('the sweep', () => logSince(before).includes('"swept"'));
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
  });

  test('the App is installed for one more repository — what is open there is judged soon', async () => {
    const { sandbox, app, installation } = world.host;
    const [current = installation] = app.installations;
    const more = await world.addRepository('ml/more');
    sandbox.selectRepositories(current, [world.host.repository(world.repository)]);
    const change = await world.propose('waiting', { 'NOTES.md': 'waiting\n' }, { repository: more });
    await world.settled();
    expect(world.host.checks(change)).toEqual([]);

    sandbox.selectRepositories(current, [
      world.host.repository(world.repository),
      world.host.repository(more),
    ]);

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
