import { beforeEach, describe, expect, test } from 'vitest';
import { newLine, type Release, type ReleaseLine } from '../../src/domain/release.ts';
import type { BranchSubject } from '../../src/domain/subject.ts';
import { gateBranch } from '../../src/gate/gate-branch.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import type { Host } from '../../src/ports/host.ts';
import { createGateWorld, never, passing, type GateWorld } from '../support/gate-world.ts';
import { sampleRun, sampleSha } from '../support/sample-run.ts';
import { sampleEnvironment as prod } from '../support/sample-environment.ts';

const { change } = sampleRun();
const { repository } = change;
const policy =
  'version: 1\nproduction:\n  branch: main\n  environment: prod\n  pipeline: pipelines/train.yaml\n';
const line = newLine(
  { host: 'corp', repositoryId: '12', environment: 'prod' },
  { repository, branch: 'main' },
);
const ids = { host: 'corp', repositoryId: '12', tip: 'main' };
const judge = { kind: 'gate-branch', ids, at: undefined };
const drive = { kind: 'release', ids: { ...ids, environment: 'prod' }, at: undefined };

let world: GateWorld;
beforeEach(() => {
  world = createGateWorld();
  world.change = undefined;
  world.environments.set('prod', prod);
});

const swept = () => sweep(world.deps, never);

function show(branch: string, digit: string): void {
  const shown = { ...change, number: undefined, reference: branch, targetBranch: branch };
  const source = { repositoryId: '12', branch, fork: false };
  world.branches.set(branch, { ...shown, source, head: sampleSha(digit) });
}

/** The host with some of its answers replaced; every question for a tip is in the list. */
function asking(changes: Partial<Host['changes']> = {}) {
  const asked: (string | undefined)[] = [];
  const host = world.deps.hosts.get('corp')!;
  const tip: Host['changes']['tip'] = (id, branch, signal) => {
    asked.push(branch);
    return host.changes.tip(id, branch, signal);
  };
  const hosts = new Map([['corp', { ...host, changes: { ...host.changes, tip, ...changes } }]]);
  return { asked, deps: { ...world.deps, hosts }, host };
}

describe('the sweep of tips', () => {
  const subject: BranchSubject = { kind: 'branch', host: 'corp', repositoryId: '12', branch: 'main' };
  const gate = (attempt = 1) => gateBranch(subject, attempt, world.deps, never);
  beforeEach(() => {
    show('main', 'a');
    world.files = { '.modelgate.yaml': policy };
  });

  test('one that nobody told of — is judged; a judged one is left alone; a newer one is judged', async () => {
    expect(await swept()).toEqual([judge]);
    await gate();
    expect(await swept()).toEqual([]);
    show('main', 'b');
    expect(await swept()).toEqual([judge]);
  });

  test('one that is released nowhere — is read once, until it moves', async () => {
    world.files = {};
    expect(await swept()).toEqual([judge]);
    await gate();
    expect(await swept()).toEqual([]);
    show('main', 'b');
    expect(await swept()).toEqual([judge]);
  });

  test('one whose policy is refused — is read again: the configuration may be another one', async () => {
    world.environments.set('prod', { ...prod, trains: false });
    await gate();
    expect(await swept()).toEqual([judge]);
  });

  test('one that could not be decided — is left to its own next try, unless that is lost', async () => {
    world.failing.set('snapshot', passing());
    await gate(3);
    expect(await swept()).toEqual([]);
    await world.clock.advance(600_000);
    expect(await swept()).toMatchObject([{ kind: 'gate-branch', ids: { ...ids, attempt: 3 } }]);
  });

  test('a repository that no environment serves — costs no request', async () => {
    world.environments.set('prod', { ...prod, serves: () => false });
    const { asked, deps } = asking();
    expect(await sweep(deps, never)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('an empty repository — is left alone', async () => {
    world.branches.clear();
    expect(await swept()).toEqual([]);
  });

  test('branches that were released before — are asked for as well, once each', async () => {
    show('next', 'c');
    await world.releases.saveLine({ ...line, branch: 'next' });
    await world.releases.saveLine({ ...line, line: { ...line.line, environment: 'more' } });
    await world.releases.saveLine({ ...line, line: { ...line.line, repositoryId: '13' }, branch: 'away' });
    const { asked, deps } = asking();

    expect(await sweep(deps, never)).toEqual([judge, { ...judge, ids: { ...ids, tip: 'next' } }]);
    expect(asked).toEqual([undefined, 'next']);
  });

  test('a branch that may not be released any more — is left alone', async () => {
    show('next', 'c');
    await world.releases.saveLine({ ...line, branch: 'next' });
    world.environments.set('prod', { ...prod, names: () => false });
    expect(await swept()).toEqual([judge]);
  });

  test('a tip that cannot be read — does not keep the changes of the repository from being swept', async () => {
    world.change = change;
    const { deps } = asking({ tip: () => Promise.reject(passing()()) });

    expect(await sweep(deps, never)).toMatchObject([{ kind: 'gate-change' }]);
    expect(world.lines.map(({ message }) => message)).toContain('the repository could not be swept');
  });

  test.each([
    ['where something is released — half as many repositories as otherwise', () => true, 4],
    ['where nothing is — as many as otherwise', () => false, 8],
  ])('a host that allows only so many requests, %s', async (_, serves, count) => {
    world.environments.set('prod', { ...prod, serves });
    const listed: string[] = [];
    const { deps, host } = asking({
      repositories: async () => Array.from({ length: 30 }, (_row, id) => ({ ...repository, id: String(id) })),
      listOpen: async (id) => (listed.push(id), []),
    });
    const changes = deps.hosts.get('corp')?.changes ?? host.changes;
    const hosts = new Map([['corp', { ...host, sweptAtOnce: 8, changes }]]);

    await sweep({ ...deps, hosts }, never);

    expect(listed).toHaveLength(count);
  });
});

describe('the sweep of releases', () => {
  const commit = sampleSha('a');
  const candidate = { commit, branch: 'main', attempt: 1 };
  const hold = { at: '2026-05-04T10:00:00.000Z', actor: 'ada', reason: 'x', remedy: 'y' };
  const now = () => world.clock.now().getTime();
  const save = (fields: Partial<ReleaseLine>) => world.releases.saveLine({ ...line, ...fields });

  function release(fields: Partial<Release>): Promise<Release> {
    const at = world.clock.now().toISOString();
    const began = { line: line.line, repository, ...candidate, began: at, phaseSince: at };
    const nothing = {
      since: undefined,
      trigger: undefined,
      plan: undefined,
      outcome: undefined,
      reason: undefined,
      hold: undefined,
      wakeAt: undefined,
      training: undefined,
      model: undefined,
      published: undefined,
      rollout: undefined,
    };
    const empty = { v: 1, rev: 0, phase: 'train', intents: {}, timeline: [], memory: {} } as const;
    return world.releases.saveRelease({ ...nothing, ...began, ...empty, id: 'r1', ...fields });
  }
  const inMs = (ms: number) => new Date(now() + ms).toISOString();

  test('nothing under way, nothing waiting — is left alone', async () => {
    await save({});
    expect(await swept()).toEqual([]);
  });

  test('a commit that waits, and nothing is under way — is driven', async () => {
    await save({ waiting: candidate });
    expect(await swept()).toEqual([drive]);
  });

  test('under way, and woken in time — is left alone', async () => {
    await save({ active: candidate, waiting: { ...candidate, commit: sampleSha('b') } });
    await release({ wakeAt: inMs(20_000) });
    expect(await swept()).toEqual([]);
  });

  test('a wake-up that is late — is waited for; one that is long past is made again', async () => {
    await save({ active: candidate });
    await release({ wakeAt: inMs(0) });
    await world.clock.advance(600_000);
    expect(await swept()).toEqual([]);
    await world.clock.advance(1);
    expect(await swept()).toEqual([drive]);
  });

  test.each<[string, Partial<Release> | undefined]>([
    ['of which there is no record yet', undefined],
    ['of which only another attempt is recorded', { attempt: 2, wakeAt: '2027-01-01T00:00:00.000Z' }],
    ['that nobody wakes', {}],
    ['that has ended, and the line does not know it', { outcome: 'released' }],
  ])('under way, %s — is driven', async (_, fields) => {
    await save({ active: candidate });
    if (fields !== undefined) await release(fields);
    expect(await swept()).toEqual([drive]);
  });

  test('held — waits for people', async () => {
    await save({ active: candidate, hold });
    expect(await swept()).toEqual([]);
    const held = await world.releases.loadLine(line.line);
    await world.releases.saveLine({ ...(held ?? line), hold: undefined });
    await release({ hold });
    expect(await swept()).toEqual([]);
  });

  test('a release that is held, and its next look is lost — is looked at: the reason may be gone', async () => {
    await save({ active: candidate });
    await release({ hold, wakeAt: '2026-05-04T09:00:00.000Z' });
    expect(await swept()).toEqual([drive]);
  });

  test('to what the configuration does not have any more — waits for it', async () => {
    await save({ waiting: candidate });
    await world.releases.saveLine({ ...line, line: { ...line.line, host: 'away' }, waiting: candidate });
    world.environments.clear();
    expect(await swept()).toEqual([]);
  });
});
