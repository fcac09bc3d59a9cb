import { describe, expect, test } from 'vitest';
import { toSha, type Sha } from '../../src/domain/repository.ts';
import { AbortError, RetryableError, UserError } from '../../src/errors.ts';
import type { DeployedCommit, DeploymentStatus, ReportMemory } from '../../src/ports/host.ts';
import type { HostWorld, MergeStyle } from './host.ts';

const never = new AbortController().signal;
const running: DeploymentStatus = {
  state: 'running',
  description: 'training',
  url: 'https://modelgate.example.com/releases/1',
  release: 'release-1',
  environmentUrl: undefined,
};
const succeeded: DeploymentStatus = { ...running, state: 'success', description: 'in service' };
const failed: DeploymentStatus = { ...running, state: 'failure', description: 'the model is worse' };
const cancelled: DeploymentStatus = { ...running, state: 'cancelled', description: 'superseded' };
const second = { release: 'release-2', url: 'https://modelgate.example.com/releases/2' } as const;
const nowhere = 'f'.repeat(40);

/** What every host must show of the way to production, and tell of branches and merges (src/ports/host.ts). */
export function describeProduction(current: () => HostWorld): void {
  const changes = () => current().host.changes;
  const production = () => current().host.production;
  const id = () => current().repository.id;

  function commitOf(sha: string, environment = 'prod'): DeployedCommit {
    const { host, repository } = current();
    const found = toSha(sha);
    if (found === undefined) throw new Error(`no commit id: ${sha}`);
    return { repository: { host: host.id, ...repository }, branch: 'main', sha: found, environment };
  }

  async function pushed(): Promise<DeployedCommit> {
    return commitOf(await current().commit('main'));
  }

  const setStatus = (commit: DeployedCommit, status: DeploymentStatus, memory: ReportMemory = {}) =>
    production().setStatus(commit, status, memory, never);
  const setDeployment = (commit: DeployedCommit, status: DeploymentStatus, memory: ReportMemory = {}) =>
    production().setDeployment(commit, status, memory, never);
  const shownState = (commit: DeployedCommit) => production().shownState(commit, never);
  const lastDeployed = (environment = 'prod') => production().lastDeployed(id(), environment, never);
  const shown = ({ state, description, url }: DeploymentStatus) => ({ state, description, url });

  describe('branches', () => {
    test('the tip of a branch, named or not — is told, and whether it is the default branch', async () => {
      const main = await current().commit('main');
      const other = await current().commit('release/1.0');
      const repository = { host: current().host.id, ...current().repository };
      const tip = (branch?: string, repositoryId = id()) => changes().tip(repositoryId, branch, never);

      expect(await tip()).toEqual({ repository, branch: 'main', sha: main, isDefault: true });
      expect(await tip('main')).toEqual(await tip());
      expect(await tip('release/1.0')).toEqual({
        repository,
        branch: 'release/1.0',
        sha: other,
        isDefault: false,
      });
      expect(await tip('release')).toBeUndefined();
      expect(await tip('main', '999999')).toBeUndefined();
    });

    test('a branch — is read as what is to be judged, until it is deleted', async () => {
      const sha = await current().commit('release/1.0', 'Train on newer data\n\nWith more of it.\n');
      const repositoryId = id();
      const subject = {
        kind: 'branch',
        host: current().host.id,
        repositoryId,
        branch: 'release/1.0',
      } as const;

      expect(await changes().read(subject, never)).toEqual({
        repository: { host: current().host.id, ...current().repository },
        number: undefined,
        reference: 'release/1.0',
        title: 'Train on newer data',
        url: expect.stringMatching(new RegExp(`^https?://.*/commit/${sha}$`)),
        state: 'open',
        draft: false,
        head: sha,
        headRef: 'refs/heads/release/1.0',
        source: { repositoryId, branch: 'release/1.0', fork: false },
        targetBranch: 'release/1.0',
      });
      await current().deleteBranch('release/1.0');
      expect(await changes().read(subject, never)).toBeUndefined();
      expect(await changes().tip(repositoryId, 'release/1.0', never)).toBeUndefined();
      expect(await changes().read({ ...subject, repositoryId: '999999' }, never)).toBeUndefined();
    });
  });

  describe('what a commit was merged with', () => {
    const mergedWith = (sha: string) => changes().mergedWith(id(), commitOf(sha).sha, never);

    test.each<MergeStyle>(['merge', 'squash', 'fast-forward', 'squash-fast-forward', 'push'])(
      '%s — is the change',
      async (style) => {
        const number = await current().openChange();
        const tip = await current().mergeChange(number, style);

        expect(await mergedWith(tip)).toEqual([{ repositoryId: id(), number }]);
      },
    );

    test('a change of a fork — is the change', async () => {
      const number = await current().openChange({ fork: true });
      const tip = await current().mergeChange(number);

      expect(await mergedWith(tip)).toEqual([{ repositoryId: id(), number }]);
    });

    test('pushed directly, still open, closed, or no commit — nothing', async () => {
      const [open, closed] = [await current().openChange(), await current().openChange()];
      await current().closeChange(closed);
      const headOf = async (number: number): Promise<string> => {
        const subject = { kind: 'change', host: current().host.id, repositoryId: id(), number } as const;
        return (await changes().read(subject, never))?.head ?? nowhere;
      };

      expect(await mergedWith(await current().commit('main'))).toEqual([]);
      expect(await mergedWith(await headOf(open))).toEqual([]);
      expect(await mergedWith(await headOf(closed))).toEqual([]);
      expect(await mergedWith(nowhere)).toEqual([]);
      expect(await changes().mergedWith('999999', commitOf(nowhere).sha, never)).toEqual([]);
    });
  });

  describe('the status of a merged commit', () => {
    test('its life — running, failed, and another release that succeeds — shows one status', async () => {
      const commit = await pushed();
      const statuses = () => current().shownProduction(commit.sha);
      expect(await shownState(commit)).toBeUndefined();

      const memory = await setStatus(commit, running);
      expect(await statuses()).toEqual([shown(running)]);
      await setStatus(commit, failed, memory);
      expect(await statuses()).toEqual([shown(failed)]);
      await setStatus(commit, { ...running, ...second });
      expect(await statuses()).toEqual([shown({ ...running, ...second })]);
      await setStatus(commit, { ...succeeded, ...second });
      expect(await statuses()).toEqual([shown({ ...succeeded, ...second })]);
    });

    test.each([running, succeeded, failed, cancelled])(
      '$state — is told again, and said again writes nothing',
      async (status) => {
        const commit = await pushed();
        const memory = await setStatus(commit, status);
        const writes = current().writes();

        await setStatus(commit, status, memory);
        await setStatus(commit, status, {});

        expect(await shownState(commit)).toBe(status.state);
        expect(current().writes()).toBe(writes);
        expect(await current().shownProduction(commit.sha)).toEqual([shown(status)]);
      },
    );

    test.each([running, succeeded])(
      '$state — written, but the answer was lost — is found again',
      async (status) => {
        const commit = await pushed();
        current().fail({ on: 'status', how: 'lost' });

        await expect(setStatus(commit, status)).rejects.toBeInstanceOf(RetryableError);
        await setStatus(commit, status);

        expect(await current().shownProduction(commit.sha)).toEqual([shown(status)]);
      },
    );

    test('a head that was merged as it is — keeps its verdict beside it', async () => {
      const number = await current().openChange();
      const subject = { kind: 'change', host: current().host.id, repositoryId: id(), number } as const;
      const change = await changes().read(subject, never);
      if (change === undefined) throw new Error('no change');
      const verdict = {
        state: 'success',
        description: 'passed',
        url: 'https://modelgate.example.com/1',
      } as const;
      await current().host.reporter.setStatus(change, verdict, {}, never);
      await current().mergeChange(number, 'push');
      const commit = commitOf(change.head);

      await setStatus(commit, running);
      await setStatus(commit, failed);

      expect(await current().shownStatuses(change)).toEqual([verdict]);
      expect(await current().shownProduction(commit.sha)).toEqual([shown(failed)]);
    });

    test('a very long description — is cut, not refused', async () => {
      const commit = await pushed();
      await setStatus(commit, { ...failed, description: 'ä€'.repeat(2000) });

      const [status] = await current().shownProduction(commit.sha);
      expect(status?.description).toMatch(/^ä€ä€.*…$/u);
    });

    test('a commit that is not there — has none, and is given none', async () => {
      expect(await shownState(commitOf(nowhere))).toBeUndefined();
      await expect(setStatus(commitOf(nowhere), running)).rejects.toMatchObject({ code: 'head-gone' });
    });

    test('a role that may not write it — is for people to repair', async () => {
      const commit = await pushed();
      current().demote();

      await expect(setStatus(commit, running)).rejects.toMatchObject({ code: 'status-forbidden' });
    });
  });

  describe('deployments', () => {
    const deployments = (environment = 'prod') => current().shownDeployments(environment);

    test('its life — running, told again without memory, succeeded — is one deployment', async () => {
      const commit = await pushed();
      const memory = await setDeployment(commit, running);
      expect(await deployments()).toEqual([{ sha: commit.sha, state: 'running' }]);
      await setDeployment(commit, running, memory);
      await setDeployment(commit, { ...succeeded, environmentUrl: 'https://auto-mpg.example.com' }, {});

      expect(await deployments()).toEqual([{ sha: commit.sha, state: 'success' }]);
      expect(await current().environmentUrl('prod')).toBe('https://auto-mpg.example.com');
    });

    test.each([running, succeeded, failed])(
      '$state — said again, remembered or not — writes nothing',
      async (status) => {
        const commit = await pushed();
        const memory = await setDeployment(commit, status);
        const writes = current().writes();

        await setDeployment(commit, status, memory);
        await setDeployment(commit, status, {});
        await setDeployment(commit, status, { deploymentId: 999_999 });

        expect(current().writes()).toBe(writes);
        expect(await deployments()).toEqual([{ sha: commit.sha, state: status.state }]);
      },
    );

    test.each([running, succeeded])(
      '$state — written, but the answer was lost — is found again',
      async (status) => {
        const commit = await pushed();
        current().fail({ on: 'deployment', how: 'lost' });

        await expect(setDeployment(commit, status)).rejects.toBeInstanceOf(RetryableError);
        await setDeployment(commit, status);

        expect(await deployments()).toEqual([{ sha: commit.sha, state: status.state }]);
      },
    );

    test('another state, but the answer was lost — is found again', async () => {
      const commit = await pushed();
      const memory = await setDeployment(commit, running);
      current().fail({ on: 'deployment', how: 'lost' });

      await expect(setDeployment(commit, failed, memory)).rejects.toBeInstanceOf(RetryableError);
      await setDeployment(commit, failed, memory);

      expect(await deployments()).toEqual([{ sha: commit.sha, state: 'failure' }]);
    });

    test('another release of the commit — has a deployment of its own', async () => {
      const commit = await pushed();
      await setDeployment(commit, running);
      await setDeployment(commit, failed);
      await setDeployment(commit, { ...running, ...second });
      await setDeployment(commit, { ...succeeded, ...second });

      expect(await deployments()).toEqual([
        { sha: commit.sha, state: 'failure' },
        { sha: commit.sha, state: 'success' },
      ]);
    });

    test('two commits, two environments — one deployment each', async () => {
      const [first, next] = [await pushed(), await pushed()];
      await setDeployment(first, running);
      await setDeployment(next, running);
      await setDeployment({ ...next, environment: 'staging' }, running);
      await setDeployment(first, cancelled);

      expect(await deployments()).toEqual([
        { sha: first.sha, state: 'cancelled' },
        { sha: next.sha, state: 'running' },
      ]);
      expect(await deployments('staging')).toEqual([{ sha: next.sha, state: 'running' }]);
    });

    test('called off before it was shown — is not shown', async () => {
      await setDeployment(await pushed(), cancelled);

      expect(await deployments()).toEqual([]);
    });

    test('somebody else’s deployment of the commit — is left as it is', async () => {
      const commit = await pushed();
      await current().deployElsewhere('prod', commit.sha);
      await setDeployment(commit, running);
      await setDeployment(commit, failed);

      expect(await deployments()).toEqual([
        { sha: commit.sha, state: 'success' },
        { sha: commit.sha, state: 'failure' },
      ]);
    });

    test('the commit deployed last — is our newest that succeeded', async () => {
      const commits = [await pushed(), await pushed(), await pushed()] as const;
      expect(await lastDeployed()).toBeUndefined();
      await setDeployment(commits[0], succeeded);
      expect(await lastDeployed()).toBe(commits[0].sha);
      await setDeployment(commits[1], { ...succeeded, ...second });
      await setDeployment(commits[2], { ...failed, release: 'release-3' });
      await current().deployElsewhere('prod', commits[2].sha);

      expect(await lastDeployed()).toBe(commits[1].sha);
      expect(await lastDeployed('staging')).toBeUndefined();
      expect(await production().lastDeployed('999999', 'prod', never)).toBeUndefined();
    });

    test('a host that does not let us deploy — is for people to repair', async () => {
      const commit = await pushed();
      current().forbidDeployments('prod');

      const thrown: unknown = await setDeployment(commit, running).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(UserError);
      expect(thrown).toMatchObject({
        code: 'deployment-forbidden',
        remedy: expect.stringMatching(/Deployments: write|allow it to deploy/),
      });
      expect(await lastDeployed()).toBeUndefined();
    });

    test('a commit that is not there — is for people to look at', async () => {
      await expect(setDeployment(commitOf(nowhere), running)).rejects.toMatchObject({
        code: 'deployment-refused',
      });
    });

    test('a broken answer — can be tried again', async () => {
      const commit = await pushed();
      current().fail({ on: 'deployment', how: 'broken' });

      await expect(setDeployment(commit, running)).rejects.toBeInstanceOf(RetryableError);
      await setDeployment(commit, running);

      expect(await deployments()).toEqual([{ sha: commit.sha, state: 'running' }]);
    });

    test('a job that was aborted — writes nothing, and throws its reason', async () => {
      const commit = await pushed();
      const writes = current().writes();
      const signal = AbortSignal.abort(new AbortError('superseded'));
      const asked = (sha: Sha): readonly Promise<unknown>[] => [
        production().setStatus(commit, running, {}, signal),
        production().setDeployment(commit, running, {}, signal),
        production().shownState(commit, signal),
        production().lastDeployed(id(), 'prod', signal),
        changes().tip(id(), 'main', signal),
        changes().mergedWith(id(), sha, signal),
      ];

      for (const one of asked(commit.sha)) await expect(one).rejects.toBeInstanceOf(AbortError);
      expect(current().writes()).toBe(writes);
    });
  });
}
