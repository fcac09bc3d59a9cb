import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Annotation } from '../../../src/domain/annotation.ts';
import type { Change } from '../../../src/domain/change.ts';
import type { Status } from '../../../src/ports/host.ts';
import { sampleSha } from '../../support/sample-run.ts';
import { createGithubWorld, type GithubWorld } from './github-world.ts';

const never = new AbortController().signal;
const url = 'https://gate.example/runs/1';
let world: GithubWorld;
let change: Change;

async function begin(as: 'app' | 'token'): Promise<void> {
  world = await createGithubWorld({ as });
  const number = await world.openChange();
  const subject = { kind: 'change', host: 'hub', repositoryId: world.repository.id, number } as const;
  const read = await world.host.changes.read(subject, never);
  if (read === undefined) throw new Error('no change');
  change = read;
}

afterEach(() => world.dispose());

const annotations = (count: number): readonly Annotation[] =>
  Array.from({ length: count }, (_, index) => ({
    path: 'README.md',
    startLine: index + 1,
    endLine: index + 1,
    columns: undefined,
    level: 'failure',
    title: 'data/missing-on-remote',
    message: `finding ${index}`,
  }));
const details = (count: number) => ({ summary: 'words', annotations: annotations(count) });
const running = (evaluation: string): Status => ({
  state: 'running',
  description: 'judging',
  url,
  evaluation,
});
const ended = (evaluation: string | undefined, more: Partial<Status> = {}): Status => ({
  state: 'failure',
  description: 'ended',
  url,
  evaluation,
  details: details(0),
  ...more,
});
const set = (status: Status) => world.host.reporter.setStatus(change, status, {}, never);
const writes = () =>
  world.sandbox.requests.filter(({ method, path }) => method !== 'GET' && /check-runs|statuses/.test(path));

/** The checks on the head, oldest first. */
function checks() {
  return world.sandbox
    .checkRuns(world.acme, change.head)
    .map(({ status, conclusion, externalId, annotations: shown }) =>
      [conclusion ?? status, externalId ?? '', shown.length].join(' '),
    );
}

describe('a check', () => {
  beforeEach(() => begin('app'));

  test.each([
    [0, 1],
    [1, 1],
    [50, 1],
    [51, 2],
    [100, 2],
    [101, 3],
    [200, 4],
  ])('%i annotations — written at once — take %i requests', async (count, requests) => {
    await set(ended('a', { details: details(count) }));

    expect(checks()).toEqual([`failure a ${count}`]);
    expect(writes()).toHaveLength(requests);
    const states = writes().map(({ answer }) => answer);
    expect(states).toMatchObject([
      ...Array.from({ length: requests - 1 }, () => ({ status: 'in_progress' })),
      { status: 'completed' },
    ]);
    const shown = world.sandbox.checkRuns(world.acme, change.head)[0]?.annotations ?? [];
    expect(shown.map(({ message }) => message)).toEqual(annotations(count).map(({ message }) => message));
  });

  test.each([0, 1, 50, 51, 200])('%i annotations — of a check that runs — end it', async (count) => {
    await set(running('a'));
    await set(ended('a', { details: details(count) }));

    expect(checks()).toEqual([`failure a ${count}`]);
    expect(writes()).toHaveLength(1 + Math.max(1, Math.ceil(count / 50)));
  });

  const lost = [0, 1, 2, 3, 4].map((at) => [at] as const);
  test.each(lost)('200 annotations, the answer to write %i lost — again — are there once', async (at) => {
    await set(running('a'));
    let seen = -1;
    world.sandbox.fail({
      fault: { kind: 'applied-then-502' },
      when: ({ method, path }) => method !== 'GET' && path.includes('check-runs') && (seen += 1) === at,
      times: 1,
    });

    const wanted = ended('a', { details: details(200) });
    await set(wanted).catch(() => set(wanted));
    await set(wanted);

    expect(checks()).toEqual(['failure a 200']);
    const shown = world.sandbox.checkRuns(world.acme, change.head)[0]?.annotations ?? [];
    expect(new Set(shown.map(({ message }) => message)).size).toBe(200);
  });

  test('a new check with 120 annotations, its first answer lost — again — is one check', async () => {
    world.fail({ on: 'status', how: 'lost' });
    const wanted = ended('a', { details: details(120) });

    await expect(set(wanted)).rejects.toMatchObject({ name: 'RetryableError' });
    await set(wanted);

    expect(checks()).toEqual(['failure a 120']);
  });

  test.each<[string, readonly Status[], readonly string[]]>([
    ['running, again', [running('a'), running('a')], ['in_progress a 0']],
    ['running, then its verdict', [running('a'), ended('a')], ['failure a 0']],
    ['a verdict, again', [ended('a'), ended('a')], ['failure a 0']],
    ['a verdict, then better words for it', [ended('a'), ended('a', { state: 'success' })], ['success a 0']],
    ['a verdict, then a new evaluation', [ended('a'), running('b')], ['failure a 0', 'in_progress b 0']],
    ['a verdict, then that of a new evaluation', [ended('a'), ended('b')], ['failure a 0', 'failure b 0']],
    ['running, then a new evaluation', [running('a'), running('b')], ['in_progress b 0']],
    [
      'running, then ended by nobody',
      [running('a'), ended(undefined, { state: 'cancelled' })],
      ['cancelled a 0'],
    ],
    [
      'ended by nobody, then judged after all',
      [running('a'), ended(undefined, { state: 'cancelled' }), running('b')],
      ['cancelled a 0', 'in_progress b 0'],
    ],
    [
      'a verdict, then another change with this head is closed',
      [running('a'), ended('a', { state: 'success' }), ended(undefined, { state: 'cancelled' })],
      ['success a 0'],
    ],
  ])('%s — is shown', async (_, story, shown) => {
    for (const status of story) await set(status);

    expect(checks()).toEqual(shown);
  });

  test('the same words — once more — write nothing', async () => {
    const wanted = ended('a', { details: details(60) });
    await set(wanted);
    const before = writes().length;

    await set(wanted);
    await world.anotherHost().reporter.setStatus(change, wanted, {}, never);

    expect(writes()).toHaveLength(before);
  });

  test('no address of a page — is left out, and written once', async () => {
    const wanted = ended(undefined, { state: 'cancelled', url: '' });
    await set(wanted);
    await set(wanted);

    expect(writes()).toHaveLength(1);
    expect(writes()[0]?.body).not.toHaveProperty('details_url');
  });

  test('a check of 60 annotations that runs — a new evaluation — ends it and makes its own', async () => {
    let seen = 0;
    world.sandbox.fail({
      fault: { kind: 'status', status: 500 },
      when: ({ method, path }) => method === 'PATCH' && path.includes('check-runs') && (seen += 1) === 1,
      times: 1,
    });
    await set(ended('a', { details: details(60) })).catch(() => undefined);
    expect(checks()).toEqual(['in_progress a 50']);

    await set(ended('b', { details: details(1) }));

    expect(checks()).toEqual(['cancelled a 50', 'failure b 1']);
  });

  test('one that has ended — has a button; one that runs has none', async () => {
    await set(running('a'));
    const [run] = world.sandbox.checkRuns(world.acme, change.head);
    expect(run?.actions).toEqual([]);
    await set(ended('a'));

    expect(run?.actions).toMatchObject([{ identifier: 'retest' }]);
  });

  test('a head that is gone — is told as such', async () => {
    change = { ...change, head: sampleSha('9') };

    await expect(set(running('a'))).rejects.toMatchObject({ code: 'head-gone' });
  });

  test('no permission for checks — is told with what to do', async () => {
    world.demote();

    await expect(set(running('a'))).rejects.toMatchObject({
      code: 'status-forbidden',
      remedy: expect.stringContaining('Checks: write'),
    });
  });
});

describe('a commit status', () => {
  beforeEach(() => begin('token'));

  const shown = () =>
    world.sandbox
      .statuses(world.acme, change.head)
      .map(({ state, description }) => `${state} ${description}`);

  test('a verdict — after running — is the newest; again, nothing is written', async () => {
    for (const status of [running('a'), ended('a'), ended('a')]) await set(status);

    expect(shown()).toEqual(['pending judging', 'failure ended']);
  });

  test('a verdict, then another change with this head is closed — stays', async () => {
    await set(ended('a', { state: 'success' }));
    await set(ended(undefined, { state: 'cancelled', description: 'the change was closed' }));

    expect(shown()).toEqual(['success ended']);
  });

  test('the same name in other letters — is ours: GitHub does not tell them apart', async () => {
    await set(ended('a'));
    const [status] = world.sandbox.statuses(world.acme, change.head);
    if (status !== undefined) Object.assign(status, { context: 'ModelGate' });

    await set(ended('a'));

    expect(shown()).toHaveLength(1);
  });

  test('no address of a page — is left out', async () => {
    await set(ended(undefined, { state: 'cancelled', url: '' }));

    expect(writes()[0]?.body).not.toHaveProperty('target_url');
    expect(shown()).toEqual(['error ended']);
  });

  test('no permission for statuses — is told in the words of tokens', async () => {
    world.demote();

    await expect(set(running('a'))).rejects.toMatchObject({
      code: 'status-forbidden',
      remedy: expect.stringContaining('Commit statuses: write'),
    });
  });
});
