import { beforeEach, describe, expect, test } from 'vitest';
import { createMirrors, defaultMirrorLimits } from '../../src/adapters/git/mirror.ts';
import { rerun } from '../../src/commands/rerun.ts';
import type { FollowUp } from '../../src/domain/job.ts';
import { newLine, type ReleaseLine } from '../../src/domain/release.ts';
import type { Sha } from '../../src/domain/repository.ts';
import { subjectKey, type BranchSubject } from '../../src/domain/subject.ts';
import { UserError } from '../../src/errors.ts';
import { gateBranch } from '../../src/gate/gate-branch.ts';
import { gateChange } from '../../src/gate/gate-change.ts';
import { lookAgain } from '../../src/gate/look-again.ts';
import type { GateDeps } from '../../src/gate/deps.ts';
import {
  commit,
  git,
  headOf,
  impatientClock,
  keepingLog,
  newRepository,
  path as environment,
  temporaryDirectory,
} from '../adapters/git/repositories.ts';
import {
  createGateWorld,
  missingPointer,
  never,
  passing,
  remoteUrl,
  subject as changeSubject,
  type GateWorld,
} from '../support/gate-world.ts';
import { sampleRun } from '../support/sample-run.ts';
import { sampleEnvironment as prod } from '../support/sample-environment.ts';

const { repository } = sampleRun().change;
const subject: BranchSubject = { kind: 'branch', host: 'corp', repositoryId: '12', branch: 'main' };
const ids = { host: 'corp', repositoryId: '12', tip: 'main' };
const released = { kind: 'release', ids: { ...ids, environment: 'prod' }, at: undefined };
const again = { kind: 'gate-branch', ids, at: undefined };
const line = newLine(
  { host: 'corp', repositoryId: '12', environment: 'prod' },
  { repository, branch: 'main' },
);

const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = ${remoteUrl}\n`;

function policyOf(branch = 'main', more = ''): string {
  const production = `production:\n  branch: ${branch}\n  environment: prod\n  pipeline: pipelines/train.yaml\n`;
  return `version: 1\n${more}${production}`;
}

/** A repository on disk, and a host that tells where its branches are. */
interface BranchWorld extends GateWorld {
  readonly directory: string;
  readonly fetches: string[];
  readonly branchDeps: GateDeps;
  /** What the policies of stores were asked for. */
  readonly asked: string[];
  push(files: Readonly<Record<string, string | undefined>>, branch?: string): Sha;
}

function createBranchWorld(): BranchWorld {
  const world = createGateWorld();
  const directory = newRepository();
  const fetches: string[] = [];
  const asked: string[] = [];
  const mirrors = createMirrors({
    directory: temporaryDirectory(),
    access: () => {
      fetches.push('fetch');
      return { url: `file://${directory}`, authorization: undefined };
    },
    limits: defaultMirrorLimits,
    log: keepingLog(),
    clock: impatientClock(),
    environment,
  });
  const snapshots: GateDeps['snapshots'] = {
    async take(wanted, signal) {
      const failed = world.failing.get('snapshot')?.(wanted.head);
      if (failed !== undefined) throw failed;
      const snapshot = await mirrors.take(wanted, signal);
      await world.meanwhile();
      return snapshot;
    },
    history: async (wanted, signal) => {
      const failed = world.failing.get('history')?.(wanted.commit);
      if (failed !== undefined) throw failed;
      return mirrors.history(wanted, signal);
    },
  };
  const stores: GateDeps['stores'] = (of, about) => {
    asked.push(about);
    return world.deps.stores(of, about);
  };
  function show(branch: string): Sha {
    const head = headOf(directory);
    const { number: _, ...change } = sampleRun().change;
    const source = { repositoryId: '12', branch, fork: false };
    const headRef = `refs/heads/${branch}`;
    const shown = { ...change, number: undefined, reference: branch, source, targetBranch: branch, headRef };
    world.branches.set(branch, { ...shown, head, title: 'Merge' });
    return head;
  }
  return Object.assign(world, {
    directory,
    fetches,
    asked,
    branchDeps: { ...world.deps, snapshots, stores },
    push(files: Readonly<Record<string, string | undefined>>, branch = 'main') {
      if (git(directory, 'branch', '--show-current') !== branch)
        git(directory, 'checkout', '--quiet', '-B', branch);
      commit(directory, files);
      return show(branch);
    },
  });
}

describe('the tip of a branch', () => {
  let world: BranchWorld;
  beforeEach(() => {
    world = createBranchWorld();
    world.change = undefined;
    world.environments.set('prod', prod);
    world.push({ '.dvc/config': config, '.modelgate.yaml': policyOf() });
  });

  const gate = (of = subject, attempt = 1) => gateBranch(of, attempt, world.branchDeps, never);
  const shown = (tip: Sha) => world.statuses.get(tip);
  const production = (tip: Sha) => world.production.statuses.get(tip);
  const record = () => world.store.subjects.get(subjectKey(subject));
  const kinds = (followUps: readonly FollowUp[]) => followUps.map(({ kind }) => kind);
  const warnings = () => world.lines.filter(({ level }) => level !== 'info');
  const saveLine = async (fields: Partial<ReleaseLine>) => {
    const known = await world.releases.loadLine(line.line);
    await world.releases.saveLine({ ...(known ?? line), ...fields });
  };
  const settled = (commit: Sha) => ({ commit, releaseId: 'r1', at: '2026-05-04T10:00:00.000Z' });

  test('green — is shown, and its release is poked', async () => {
    const tip = world.push({ 'a.txt': '1' });

    expect(await gate()).toEqual([released]);
    expect(shown(tip)).toMatchObject({ state: 'success' });
    expect(production(tip)).toBeUndefined();
    expect(world.store.runs.size).toBe(1);
    expect(warnings()).toEqual([]);
  });

  test('green, poked again and again — is judged once, and its release is poked each time', async () => {
    await gate();
    expect(await gate()).toEqual([released]);
    expect(await gate()).toEqual([released]);
    expect(world.store.runs.size).toBe(1);
  });

  test('with data that is missing — fails, says on production why, and is looked at again', async () => {
    const tip = world.push({ 'd.csv.dvc': missingPointer('d.csv') });

    // What was under way before our records began is taken up by the release.
    expect(await gate()).toMatchObject([{ kind: 'look-again', ids }, released]);
    expect(shown(tip)?.state).toBe('failure');
    expect(production(tip)).toMatchObject({
      state: 'failure',
      description: expect.stringMatching(/^not released: .*data\/missing-on-remote/),
      url: `https://gate.example.com/runs/${record()?.runId}`,
    });
  });

  test('whose missing data comes — is judged again by itself, and released', async () => {
    const tip = world.push({ 'd.csv.dvc': missingPointer('d.csv') });
    await gate();
    expect(kinds(await lookAgain(subject, world.branchDeps, never))).toEqual(['look-again']);
    world.remote.objects.set('files/md5/01/23456789abcdef0123456789abcdef', Buffer.from('1234'));

    expect(await lookAgain(subject, world.branchDeps, never)).toEqual([again]);
    expect(await gate()).toEqual([released]);
    expect(shown(tip)?.state).toBe('success');
  });

  test('is never judged on what was seen on a remote before', async () => {
    world.push({ 'd.csv.dvc': missingPointer('d.csv') });
    await gate();
    await lookAgain(subject, world.branchDeps, never);
    expect(new Set(world.asked)).toEqual(new Set(['branch']));
  });

  test('since what was released — only what came after it is judged', async () => {
    const before = world.push({ 'old.csv.dvc': missingPointer('old.csv') });
    await saveLine({ released: { ...settled(before), metrics: {} } });
    const tip = world.push({ 'a.txt': '1' });

    expect(await gate()).toEqual([released]);
    expect(world.store.runs.get(record()?.runId ?? '')?.judgement?.base).toBe(before);
    expect(shown(tip)?.state).toBe('success');
  });

  test('since something that is not in its history — all of it is judged', async () => {
    const away = world.push({ 'a.txt': '1', 'old.csv.dvc': missingPointer('old.csv') });
    await saveLine({ released: { ...settled(away), metrics: {} } });
    git(world.directory, 'reset', '--quiet', '--hard', 'HEAD~1');
    const tip = world.push({ 'old.csv.dvc': missingPointer('old.csv') });

    expect(kinds(await gate())).toEqual(['look-again']);
    expect(world.store.runs.get(record()?.runId ?? '')?.judgement?.base).toBe(tip);
  });

  test('its own policy is in force, not that of what was released', async () => {
    const before = world.push({ 'a.txt': '1' });
    await saveLine({ released: { ...settled(before), metrics: {} } });
    const files = { 'd.csv.dvc': missingPointer('d.csv') };
    world.push({ ...files, '.modelgate.yaml': policyOf('main', 'rules: { data/missing-on-remote: off }\n') });

    expect(kinds(await gate())).toEqual(['look-again', 'release']);
    expect(production(headOf(world.directory))).toBeUndefined();
  });

  test('in advisory mode — is released whatever was found', async () => {
    const files = { 'd.csv.dvc': missingPointer('d.csv') };
    world.push({ ...files, '.modelgate.yaml': policyOf('main', 'mode: advisory\n') });

    expect(kinds(await gate())).toEqual(['look-again', 'release']);
  });

  describe('that is released nowhere — nobody hears of it', () => {
    test('another branch — nothing is fetched', async () => {
      const tip = world.push({ 'a.txt': '1' }, 'feature');

      expect(await gate({ ...subject, branch: 'feature' })).toEqual([]);
      expect([world.fetches, shown(tip), production(tip)]).toEqual([[], undefined, undefined]);
    });

    test.each([
      ['no policy', undefined],
      ['a policy without production', 'version: 1\n'],
      ['a policy that releases another branch', policyOf('next')],
    ])('%s', async (_, policy) => {
      const tip = world.push({ '.modelgate.yaml': policy });

      expect(await gate()).toEqual([]);
      expect([shown(tip), production(tip), warnings()]).toEqual([undefined, undefined, []]);
    });

    test('a broken policy where no environment serves the repository', async () => {
      world.environments.set('prod', { ...prod, serves: () => false });
      const tip = world.push({ '.modelgate.yaml': 'version: 99\n' });

      expect(await gate()).toEqual([]);
      expect(production(tip)).toBeUndefined();
    });

    test('a branch that is gone, or a host that is', async () => {
      world.branches.clear();
      expect(await gate()).toEqual([]);
      expect(await gate({ ...subject, host: 'nobody' })).toEqual([]);
    });

    test('any more — the verdict that was under way is ended', async () => {
      const tip = world.push({ 'a.txt': '1' });
      world.meanwhile = () => void world.push({ '.modelgate.yaml': undefined });
      await gate();
      expect(shown(tip)?.state).toBe('running');

      expect(await gate()).toEqual([]);
      expect(shown(tip)).toMatchObject({
        state: 'cancelled',
        description: 'the branch is not released any more',
      });
    });
  });

  test('a branch that the configuration names — is released as well', async () => {
    world.push({ '.modelgate.yaml': policyOf('next') }, 'next');
    const next = { ...released, ids: { ...released.ids, tip: 'next' } };

    expect(await gate({ ...subject, branch: 'next' })).toEqual([next]);
  });

  describe('whose policy cannot be followed — says so on production alone', () => {
    test.each([
      ['an environment of others', { serves: () => false }, /^not released: .*not bound to ml\/auto-mpg/],
      ['an environment without Kubeflow', { trains: false }, /^not released: .*no Kubeflow.*\. Set env/],
    ])('%s', async (_, change, description) => {
      world.environments.set('prod', { ...prod, ...change });
      const tip = world.push({ 'a.txt': '1' });

      expect(await gate()).toEqual([]);
      expect(production(tip)).toMatchObject({
        state: 'failure',
        description: expect.stringMatching(description),
        url: 'https://gate.example.com/?repository=corp/12',
      });
      expect(shown(tip)).toBeUndefined();
      expect(warnings()).toMatchObject([
        {
          message: 'the tip is not released',
          fields: { remedy: expect.stringContaining('environments.prod') },
        },
      ]);
    });

    test('a broken policy', async () => {
      const tip = world.push({ '.modelgate.yaml': policyOf('main', 'modus: blocking\n') });

      expect(await gate()).toEqual([]);
      expect(production(tip)).toMatchObject({
        state: 'failure',
        description: expect.stringContaining('.modelgate.yaml is not valid'),
      });
    });

    test('where names stay on the pages — no name is told', async () => {
      world.environments.set('prod', { ...prod, serves: () => false });
      const tip = world.push({ 'a.txt': '1' });
      await gateBranch(subject, 1, { ...world.branchDeps, disclose: 'counts' }, never);

      expect(production(tip)?.description).toBe('not released: the log of modelgate says why');
    });

    test('a host that takes no status — is no reason to try again', async () => {
      world.environments.set('prod', { ...prod, serves: () => false });
      world.production.before = () => {
        throw new UserError('status-forbidden', 'no', 'give the token a role');
      };
      expect(await gate()).toEqual([]);
    });

    test('a host that is away — is tried again', async () => {
      world.environments.set('prod', { ...prod, serves: () => false });
      world.production.before = () => {
        throw passing()();
      };
      expect(await gate()).toMatchObject([{ kind: 'gate-branch', ids: { attempt: 2 } }]);
    });

    test('on its way already — what the release says is left alone', async () => {
      const tip = world.push({ 'a.txt': '1' });
      await saveLine({ settled: settled(tip) });
      world.environments.set('prod', { ...prod, trains: false });

      expect(await gate()).toEqual([]);
      expect(production(tip)).toBeUndefined();
    });
  });

  describe('merged', () => {
    const merged = () => gateChange(changeSubject, 1, world.branchDeps, never);

    test('and pushed, in any order, twice — is one run and one release', async () => {
      world.push({ 'a.txt': '1' });
      world.change = { ...sampleRun().change, state: 'merged' };
      expect(await merged()).toEqual([again]);
      expect(await gate()).toEqual([released]);
      expect(await merged()).toEqual([again]);
      expect(await gate()).toEqual([released]);
      expect(world.store.runs.size).toBe(1);
    });

    test('closed unmerged — pokes nothing', async () => {
      world.change = { ...sampleRun().change, state: 'closed' };
      expect(await merged()).toEqual([]);
    });
  });

  describe('that moves', () => {
    test('while it is judged — the old one gets no verdict and no release, the new one both', async () => {
      const old = world.push({ 'a.txt': '1' });
      let next: Sha | undefined;
      world.meanwhile = () => void (next ??= world.push({ 'a.txt': '2' }));

      expect(await gate()).toEqual([again]);
      expect(shown(old)?.state).toBe('running');
      expect(await gate()).toEqual([released]);
      expect(shown(old)).toMatchObject({ state: 'cancelled' });
      expect(next && shown(next)).toMatchObject({ state: 'success' });
    });

    test('and a delivery names it — the work on the old one ends at once', async () => {
      world.push({ 'a.txt': '1' });
      world.meanwhile = async () => {
        await world.store.addHead(subject, world.push({ 'a.txt': '2' }));
        await world.clock.advance(2_000);
      };
      await expect(gate()).rejects.toMatchObject({ reason: 'superseded' });
    });

    test('named only while it is judged — is judged to the end', async () => {
      const tip = world.push({ 'a.txt': '1' });
      world.meanwhile = async () => {
        await world.store.addHead(subject, tip);
        await world.clock.advance(2_000);
      };
      expect(await gate()).toEqual([released]);
    });
  });

  describe('in trouble', () => {
    test('git is away before anything is known — tried again, nobody hears of it', async () => {
      const tip = world.push({ 'a.txt': '1' });
      world.failing.set('history', passing());

      expect(await gate(subject, 3)).toMatchObject([{ kind: 'gate-branch', ids: { ...ids, attempt: 4 } }]);
      expect(shown(tip)).toBeUndefined();
    });

    test('it cannot be judged three times — fails and says why, on production as well', async () => {
      const tip = world.push({ 'a.txt': '1' });
      world.failing.set('snapshot', passing());

      expect(await gate(subject, 3)).toMatchObject([{ kind: 'gate-branch', ids: { attempt: 4 } }, released]);
      expect(shown(tip)).toMatchObject({
        state: 'failure',
        description: expect.stringContaining('could not decide'),
      });
      expect(production(tip)).toMatchObject({
        description: expect.stringMatching(/^not released: could not decide/),
      });
      world.failing.clear();
      expect(await gate(subject, 4)).toEqual([released]);
      expect(shown(tip)?.state).toBe('success');
    });

    test('a judged tip whose git goes away for good — keeps its verdict', async () => {
      const tip = world.push({ 'a.txt': '1' });
      await gate();
      world.failing.set('history', passing());
      await gate(subject, 3);
      expect(shown(tip)?.state).toBe('success');
    });
  });

  test('"Re-run" by somebody who may push — asks for it afresh', async () => {
    const tip = world.push({ 'a.txt': '1' });
    await gate();
    world.pushers.add('ada');
    const button = { host: 'corp', repositoryId: '12', sha: tip, personId: 'ada' };

    expect(await rerun({ kind: 'rerun', ids: button }, world.branchDeps, never)).toEqual([again]);
    expect(await gate()).toEqual([released]);
    expect(world.store.runs.size).toBe(2);
  });

  test('the head of an open change as well — the graver verdict is shown', async () => {
    const before = world.push({ 'd.csv.dvc': missingPointer('d.csv') });
    await saveLine({ released: { ...settled(before), metrics: {} } });
    const tip = world.push({ 'a.txt': '1' });
    const change = { ...sampleRun().change, head: tip, headRef: 'refs/heads/main', targetBranch: 'next' };
    git(world.directory, 'branch', 'next', 'HEAD~2');
    world.change = change;
    await gateChange(changeSubject, 1, world.branchDeps, never);
    expect(shown(tip)?.state).toBe('failure');

    expect(await gate()).toEqual([released]);
    expect(shown(tip)).toMatchObject({ state: 'failure' });
    world.change = { ...change, state: 'closed' };
    const left = await gateChange(changeSubject, 1, world.branchDeps, never);
    expect(left).toEqual([again]);
    await gate();
    expect(shown(tip)?.state).toBe('success');
  });
});
