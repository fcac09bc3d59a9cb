import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckRun } from '../../../src/sandbox/github/state-checks.ts';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { eventually } from '../../support/redis.ts';
import { expectClean, expectShown, ourComments } from '../../support/story-end.ts';
import { createStoryWorld, runIdOf, type StoryChange, type StoryWorld } from '../../support/story-world.ts';

const later = '{ after: [1h], then: 1h, until: 1d }';

/** What our requests to check runs of a head said, oldest first. */
function requestsAbout(world: StoryWorld<GithubStoryHost>, run: CheckRun): readonly Sent[] {
  return world.host.sandbox.requests
    .filter(({ method, path }) => method !== 'GET' && /\/check-runs(?:\/|$)/.test(path))
    .filter(({ path, body }) => path.endsWith(`/${run.id}`) || headOf(body) === run.suite.headSha)
    .map(({ method, body }) => toSent(method, body));
}

interface Sent {
  readonly method: string;
  readonly status: unknown;
  readonly annotations: number;
}

function headOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'head_sha' in body ? body.head_sha : undefined;
}

function toSent(method: string, body: unknown): Sent {
  const { status, output }: { status?: unknown; output?: { annotations?: readonly unknown[] } } =
    Object(body);
  return { method, status, annotations: output?.annotations?.length ?? 0 };
}

/** So many pointers to data that nobody pushed. */
function pointers(prefix: string, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const md5 = `${prefix.charCodeAt(0).toString(16)}${index.toString(16)}`.padStart(32, '0');
      const path = `${prefix}-${String(index).padStart(3, '0')}.csv`;
      return [`${path}.dvc`, `outs:\n- md5: ${md5}\n  size: 3\n  hash: md5\n  path: ${path}\n`];
    }),
  );
}

describe('checks on GitHub', () => {
  let world: StoryWorld<GithubStoryHost>;
  let quick: () => void = () => undefined;
  beforeAll(async () => void (world = await createStoryWorld({ host: 'github', recheck: later })));
  afterEach(() => quick());
  afterAll(() => world.close());

  function only(change: StoryChange): CheckRun {
    const runs = world.host.checks(change);
    expect(runs).toHaveLength(1);
    const [run] = runs;
    if (run === undefined) throw new Error('no check');
    return run;
  }

  test('a verdict — the check is created in progress, and the same one is completed', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 500 } });
    const files = { 'd.csv.dvc': await world.track('d.csv', 'whole\n', 'pushed') };
    const change = await world.propose('whole', files);
    const running = await world.status(change, ({ state }) => state === 'running');
    const begun = only(change);
    expect(begun).toMatchObject({ status: 'in_progress', conclusion: undefined, detailsUrl: running.url });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
    const ended = only(change);
    expect(ended.id).toBe(begun.id);
    expect(ended).toMatchObject({ externalId: runIdOf(running), annotations: [] });
    expect(ended.completedAt).toBeInstanceOf(Date);
    expect(ended.actions.map(({ identifier }) => identifier)).toEqual(['retest']);
    expect(requestsAbout(world, ended).map(({ method, status }) => [method, status])).toEqual([
      ['POST', 'in_progress'],
      ['PATCH', 'completed'],
    ]);
  });

  test('nothing to check — a check all the same, and a green one', async () => {
    const change = await world.propose('nothing', { 'NOTES.md': 'x\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
    expect(only(change).title).toMatch(/^nothing to check/);
  });

  test('130 findings — three batches of annotations, the verdict with the last', async () => {
    const change = await world.propose('many', pointers('m', 130));

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    const run = only(change);
    expect(new Set(run.annotations.map(({ path }) => path)).size).toBe(130);
    expect(run.annotations.every(({ level, startLine }) => level === 'failure' && startLine > 0)).toBe(true);
    expect(requestsAbout(world, run).map(({ annotations }) => annotations)).toEqual([0, 50, 50, 30]);
    expect(requestsAbout(world, run).map(({ status }) => status === 'completed')).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('260 findings — 200 annotations, those that block first, and how many are left out', async () => {
    const { host, repository } = world;
    const policy = { '.modelgate.yaml': 'version: 1\nmode: new-only\ndata: { scope: all }\n' };
    await host.commit(repository, 'to-old', { ...policy, ...pointers('a', 130) });
    const change = await world.propose('more', pointers('z', 130), { target: 'to-old' });

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    const run = only(change);
    expect(run.annotations.map(({ level }) => level)).toEqual([
      ...Array.from({ length: 130 }, () => 'failure'),
      ...Array.from({ length: 70 }, () => 'warning'),
    ]);
    expect(run.summary).toContain('**60 more findings** could not be shown beside the lines');
  });

  test('a conflict — a red check that names the file, with its button', async () => {
    await world.host.commit(world.repository, 'clash', { 'README.md': 'one\n' }, { from: 'main' });
    await world.host.commit(world.repository, 'main', { 'README.md': 'two\n' });
    const wanted = { branch: 'clash', target: 'main', title: 'Clash' };
    const change = await world.host.open(world.repository, wanted);

    const { description } = await world.status(change, ({ state }) => state === 'failure');
    expect(description).toBe('conflict: cannot be merged because of README.md');
    await world.settled();
    expect(only(change).actions).toHaveLength(1);
  });

  test('a fork — the check is in the repository that the change goes to, and the comment below it', async () => {
    const fork = await world.host.fork(world.repository, 'stranger');
    const files = { 'f.csv.dvc': await world.track('f.csv', 'fork\n', 'not pushed') };
    const change = await world.propose('from-outside', files, { fork });

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.sandbox.checkRuns(world.host.repository(fork), change.head)).toEqual([]);
  });

  test('force-pushed while it is judged — the old head ends cancelled, the new one has its own check', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 4000 } });
    const { host, repository } = world;
    const fresh = await host.commit(repository, 'aside', { 'NOTES.md': 'fresh\n' }, { from: 'main' });
    const files = { 'd.csv.dvc': await world.track('d.csv', 'gone\n', 'pushed') };
    const change = await world.propose('forced', files);
    await world.status(change, ({ state }) => state === 'running');
    const older = change.head;

    await host.push(repository, 'forced', fresh);

    await world.status(change, ({ state }) => state === 'success');
    expect(change.head).toBe(fresh);
    await expectShown(world, change, { state: 'success', comments: 0 });
    const { status } = await expectShown(world, change, { state: 'cancelled', comments: 0, head: older });
    expect(status.description).toBe(`superseded by ${fresh.slice(0, 8)}`);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('the buttons beside a check', () => {
  let world: StoryWorld<GithubStoryHost>;
  beforeAll(async () => void (world = await createStoryWorld({ host: 'github', recheck: later })));
  afterAll(() => world.close());

  /** A red check of a change whose data came since: only a fresh evaluation notices. */
  async function redAndRepaired(name: string, fork: 'fork' | 'no fork' = 'no fork') {
    const content = `data of ${name}\n`;
    const files = { [`${name}.dvc`]: await world.track('data.csv', content, 'not pushed') };
    const from = fork === 'fork' ? await world.host.fork(world.repository, 'stranger') : undefined;
    const change = await world.propose(name, files, from === undefined ? {} : { fork: from });
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    world.push(content);
    const red = world.host.checks(change).at(-1);
    if (red === undefined) throw new Error('no check');
    return { change, red };
  }

  const buttons: readonly [string, (run: CheckRun, as: string) => Promise<void>][] = [
    ['Re-run', (run, as) => world.host.sandbox.rerequest(run, { as })],
    ['Re-run all checks', (run, as) => world.host.sandbox.rerequestSuite(run.suite, { as })],
    ['Judge again', (run, as) => world.host.sandbox.clickAction(run, 'retest', { as })],
  ];

  test.each(buttons)('«%s» by a developer — a new check with a fresh evaluation', async (name, press) => {
    const { change, red } = await redAndRepaired(`developer-${name.replaceAll(' ', '-')}`);

    await press(red, 'ada');

    await world.status(change, ({ state }) => state === 'success');
    const { status } = await expectShown(world, change, { state: 'success', comments: 1 });
    const runs = world.host.checks(change);
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'success']);
    expect(runIdOf(status)).not.toBe(red.externalId);
  });

  test.each(buttons)('«%s» by somebody who only reads — nothing', async (name, press) => {
    const { change, red } = await redAndRepaired(`reader-${name.replaceAll(' ', '-')}`);

    const before = world.lines.length;

    await press(red, 'reporter');

    await eventually('the log', () => world.lines.slice(before).join('').includes('button ignored'));
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.checks(change)).toHaveLength(1);
  });

  test('«Re-run» below a pull request of a fork — is judged afresh too', async () => {
    const { change, red } = await redAndRepaired('of-a-fork', 'fork');

    await world.host.sandbox.rerequest(red, { as: 'owner' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('«Re-run» at a green check — a new check says that it runs, and is green again', async () => {
    const files = { 'g.dvc': await world.track('g.csv', 'green\n', 'pushed') };
    const change = await world.propose('green', files);
    await world.status(change, ({ state }) => state === 'success');
    await world.settled();
    const [green] = world.host.checks(change);
    if (green === undefined) throw new Error('no check');

    await world.host.sandbox.rerequest(green, { as: 'ada' });

    await eventually('a second check', () => world.host.checks(change).length === 2);
    await expectShown(world, change, { state: 'success', comments: 1 });
    expect(ourComments(world, change)).toHaveLength(1);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
