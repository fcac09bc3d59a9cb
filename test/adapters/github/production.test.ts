import { afterEach, describe, expect, test } from 'vitest';
import { toSha } from '../../../src/domain/repository.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { DeployedCommit, DeploymentStatus, ReportMemory } from '../../../src/ports/host.ts';
import { createGithubWorld, appPermissions, type GithubWorld } from './github-world.ts';

const never = new AbortController().signal;
let world: GithubWorld;

async function begin(as: 'app' | 'token' = 'app'): Promise<void> {
  world = await createGithubWorld({ as });
}

afterEach(() => world.dispose());

const url = 'https://modelgate.example.com/releases/1';
const release = 'release-1';

function says(state: DeploymentStatus['state'], more: Partial<DeploymentStatus> = {}): DeploymentStatus {
  return { state, description: state, url, release, environmentUrl: undefined, ...more };
}

async function pushed(branch = 'main'): Promise<DeployedCommit> {
  const sha = toSha(await world.commit(branch));
  if (sha === undefined) throw new Error('no commit');
  return { repository: { host: 'hub', ...world.repository }, branch, sha, environment: 'prod' };
}

const setDeployment = (commit: DeployedCommit, status: DeploymentStatus, memory: ReportMemory = {}) =>
  world.host.production.setDeployment(commit, status, memory, never);

/** The states of every deployment, oldest first. */
function states(): readonly string[] {
  return world.sandbox
    .deployments(world.acme, 'prod')
    .map(({ statuses }) => statuses.map(({ state }) => state).join(' '));
}

function sent(method: string, path: RegExp): readonly unknown[] {
  return world.sandbox.requests
    .filter((request) => request.method === method && path.test(request.path))
    .map(({ body }) => body);
}

describe('a deployment', () => {
  test('its request — merges nothing, asks for no check, and names the release', async () => {
    await begin();
    const commit = await pushed();
    await setDeployment(commit, says('running'));

    expect(sent('POST', /\/deployments$/)).toEqual([
      {
        ref: commit.sha,
        task: 'deploy',
        auto_merge: false,
        required_contexts: [],
        payload: { modelgate: release },
        environment: 'prod',
        description: 'running',
        transient_environment: false,
        production_environment: true,
      },
    ]);
  });

  test('a commit behind the default branch, with a red check — is shown all the same', async () => {
    await begin();
    const commit = await pushed('release');
    await world.commit('main');
    await world.host.production.setStatus(commit, says('failure'), {}, never);
    await setDeployment(commit, says('running'));

    expect(states()).toEqual(['in_progress']);
  });

  test('another phase — is another status; the same words are none', async () => {
    await begin();
    const commit = await pushed();
    const memory = await setDeployment(commit, says('running'));
    await setDeployment(commit, says('running', { description: 'rolling out' }), memory);
    await setDeployment(commit, says('running', { description: '  rolling\n out ' }), memory);

    expect(states()).toEqual(['in_progress in_progress']);
  });

  test('a success — ends our older one, and nobody else’s; said again, both stay as they are', async () => {
    await begin();
    const commits = [await pushed(), await pushed(), await pushed()] as const;
    await setDeployment(commits[0], says('success'));
    await world.deployElsewhere('prod', commits[1].sha);
    await setDeployment(commits[1], says('failure', { release: 'release-2' }));
    await setDeployment(commits[2], says('success', { release: 'release-3' }));
    const writes = world.writes();
    await setDeployment(commits[0], says('success'));
    await setDeployment(commits[2], says('success', { release: 'release-3' }));

    expect(states()).toEqual(['success inactive', 'success', 'failure', 'success']);
    expect(world.writes()).toBe(writes);
    const { id } = world.repository;
    expect(await world.host.production.lastDeployed(id, 'prod', never)).toBe(commits[2].sha);
  });

  test('a success after one that was called off — ends the one that is in service', async () => {
    await begin();
    const commits = [await pushed(), await pushed(), await pushed()] as const;
    await setDeployment(commits[0], says('success'));
    const memory = await setDeployment(commits[1], says('running', { release: 'release-2' }));
    await setDeployment(commits[1], says('cancelled', { release: 'release-2' }), memory);
    await setDeployment(commits[2], says('success', { release: 'release-3' }));

    expect(states()).toEqual(['success inactive', 'in_progress inactive', 'success']);
  });

  test('a success whose end of the older one was lost — is made up for', async () => {
    await begin();
    const [first, second] = [await pushed(), await pushed()];
    await setDeployment(first, says('success'));
    const memory = await setDeployment(second, says('running', { release: 'release-2' }));
    world.sandbox.fail({
      fault: { kind: 'status', status: 500 },
      times: 1,
      when: ({ method, path }) => method === 'POST' && path.endsWith(`/${firstId()}/statuses`),
    });
    const again = () => setDeployment(second, says('success', { release: 'release-2' }), memory);

    await expect(again()).rejects.toBeInstanceOf(RetryableError);
    expect(states()).toEqual(['success', 'in_progress success']);
    await again();
    expect(states()).toEqual(['success inactive', 'in_progress success']);
  });

  test('more than a page of others’ — ours is found', async () => {
    await begin();
    const commit = await pushed();
    await setDeployment(commit, says('running'));
    const [first] = world.acme.deployments;
    if (first === undefined) throw new Error('no deployment');
    for (let made = 0; made < 110; made += 1) {
      const id = 1_000_000 + made;
      world.acme.deployments.push({ ...first, id, payload: '', statuses: [] });
    }
    await setDeployment(commit, says('success'));

    expect(states()[0]).toBe('in_progress success');
    expect(sent('POST', /\/deployments$/)).toHaveLength(1);
  });

  test('a payload that comes back as text — is read', async () => {
    await begin();
    const commit = await pushed();
    await setDeployment(commit, says('running'));
    const [made] = world.acme.deployments;
    if (made === undefined) throw new Error('no deployment');
    world.acme.deployments.splice(0, 1, { ...made, payload: JSON.stringify(made.payload) });
    await setDeployment(commit, says('failure'));

    expect(states()).toEqual(['in_progress failure']);
  });

  function firstId(): number {
    return world.acme.deployments[0]?.id ?? 0;
  }
});

describe('the check of a merged commit', () => {
  test('has the release as its evaluation, and no button', async () => {
    await begin();
    const commit = await pushed();
    await world.host.production.setStatus(commit, says('running'), {}, never);
    await world.host.production.setStatus(commit, says('failure'), {}, never);

    expect(world.sandbox.checkRuns(world.acme, commit.sha)).toMatchObject([
      { name: 'modelgate/production', externalId: release, conclusion: 'failure', actions: [] },
    ]);
  });

  test('another release — has a check of its own, which takes the place of the first', async () => {
    await begin();
    const commit = await pushed();
    const set = (status: DeploymentStatus) => world.host.production.setStatus(commit, status, {}, never);
    await set(says('failure'));
    await set(says('running', { release: 'release-2' }));
    await set(says('success', { release: 'release-2' }));

    const checks = world.sandbox.checkRuns(world.acme, commit.sha);
    expect(checks.map(({ externalId, conclusion }) => [externalId, conclusion])).toEqual([
      [release, 'failure'],
      ['release-2', 'success'],
    ]);
    expect(await world.host.production.shownState(commit, never)).toBe('success');
  });

  test('an App without the permission for deployments — still writes it', async () => {
    await begin();
    const { deployments: _taken, ...others } = appPermissions;
    world.sandbox.acceptPermissions(world.installation, others);
    const commit = await pushed();
    await world.host.production.setStatus(commit, says('running'), {}, never);

    expect(await world.host.production.shownState(commit, never)).toBe('running');
  });

  test.each([
    ['stale', 'cancelled'],
    ['timed_out', 'failure'],
    ['action_required', 'failure'],
  ] as const)('%s, which is not ours to say — is told as %s', async (conclusion, state) => {
    await begin();
    const commit = await pushed();
    await world.host.production.setStatus(commit, says('failure'), {}, never);
    const [run] = world.sandbox.checkRuns(world.acme, commit.sha);
    if (run === undefined) throw new Error('no check');
    run.conclusion = conclusion;

    expect(await world.host.production.shownState(commit, never)).toBe(state);
  });
});

test('a token — shows production by a commit status', async () => {
  await begin('token');
  const commit = await pushed();
  await world.host.production.setStatus(commit, says('cancelled'), {}, never);

  expect(world.sandbox.statuses(world.acme, commit.sha)).toMatchObject([
    { context: 'modelgate/production', state: 'error', targetUrl: url },
  ]);
});

test('a branch that was renamed — is gone', async () => {
  await begin();
  const { changes } = world.host;
  const tip = (branch: string) => changes.tip(world.repository.id, branch, never);
  const before = await tip('main');
  await world.sandbox.renameBranch(world.acme, 'main', 'trunk');

  expect(await tip('main')).toBeUndefined();
  expect(await tip('trunk')).toEqual({ ...before, branch: 'trunk' });
  const subject = { kind: 'branch', host: 'hub', repositoryId: world.repository.id } as const;
  expect(await changes.read({ ...subject, branch: 'main' }, never)).toBeUndefined();
});
