import { afterEach, describe, expect, test } from 'vitest';
import { toSha } from '../../../src/domain/repository.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { DeployedCommit, DeploymentStatus, ReportMemory } from '../../../src/ports/host.ts';
import { readChange } from '../../contracts/host.ts';
import { createGitlabWorld, type GitlabWorld, type GitlabWorldOptions } from './gitlab-world.ts';

const never = new AbortController().signal;
let world: GitlabWorld;

async function begin(options: GitlabWorldOptions = {}): Promise<void> {
  world = await createGitlabWorld(options);
}

afterEach(() => world.dispose());

const url = 'https://modelgate.example.com/releases/1';

function says(state: DeploymentStatus['state'], more: Partial<DeploymentStatus> = {}): DeploymentStatus {
  return { state, description: state, url, release: 'release-1', environmentUrl: undefined, ...more };
}

function commitOf(text: string, branch = 'main'): DeployedCommit {
  const sha = toSha(text);
  if (sha === undefined) throw new Error('no commit');
  return { repository: { host: 'corp', ...world.repository }, branch, sha, environment: 'prod' };
}

const setStatus = (commit: DeployedCommit, status: DeploymentStatus, memory: ReportMemory = {}) =>
  world.host.production.setStatus(commit, status, memory, never);
const setDeployment = (commit: DeployedCommit, status: DeploymentStatus, memory: ReportMemory = {}) =>
  world.host.production.setDeployment(commit, status, memory, never);

/** Every pipeline of the commit: `source ref: our statuses`. */
function pipelines(sha: string): readonly string[] {
  return world.project.pipelines
    .filter((pipeline) => pipeline.sha === sha)
    .map(({ source, ref, statuses }) => {
      const shown = statuses.filter(({ name, retried }) => name === 'modelgate/production' && !retried);
      return `${source} ${ref}: ${shown.map(({ status }) => status).join(', ') || '-'}`;
    });
}

describe('the status of a merged commit', () => {
  test('on a branch with CI — is in the branch’s pipeline, not in that of the merge request', async () => {
    await begin({ ci: true });
    const number = await world.openChange();
    const sha = await world.mergeChange(number, 'fast-forward');
    await world.sandbox.idle();
    await setStatus(commitOf(sha), says('running'));
    await setStatus(commitOf(sha), says('success'));

    expect(pipelines(sha)).toEqual([
      'push feature-1: -',
      'merge_request_event refs/merge-requests/1/head: -',
      'push main: success',
    ]);
  });

  test('one commit on two branches — has a status on each', async () => {
    await begin();
    const sha = await world.commit('main');
    await world.sandbox.push(world.project, 'refs/heads/production', sha);
    const [main, other] = [commitOf(sha), commitOf(sha, 'production')];
    await setStatus(main, says('success'));
    expect(await world.host.production.shownState(other, never)).toBeUndefined();
    await setStatus(other, says('running'));

    expect(pipelines(sha)).toEqual(['external main: success', 'external production: running']);
    expect(await world.host.production.shownState(main, never)).toBe('success');
  });

  test('a protected branch that is not for us — says what to change', async () => {
    await begin();
    world.project.protectedBranches.set('main', 40);
    const commit = commitOf(await world.commit('main'));

    await expect(setStatus(commit, says('running'))).rejects.toMatchObject({
      code: 'status-forbidden',
      remedy: expect.stringContaining('protected branch main'),
    });
    await setDeployment(commit, says('running'));
    expect(await world.shownDeployments('prod')).toHaveLength(1);
  });

  test('the status of another user of that name — is not ours', async () => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    const another = world.sandbox.addUser({ username: 'old-bot', bot: true });
    world.sandbox.addMember(world.project, 'old-bot', 30);
    await world
      .anotherHost({ token: another.token })
      .production.setStatus(commit, says('success'), {}, never);

    expect(await world.host.production.shownState(commit, never)).toBeUndefined();
  });

  test('the verdict on the head — is not taken for it', async () => {
    await begin();
    const number = await world.openChange();
    const change = await readChange(world.host, world.repository.id, number);
    if (change === undefined) throw new Error('no change');
    const verdict = { state: 'success', description: 'passed', url } as const;
    await world.host.reporter.setStatus(change, verdict, {}, never);

    expect(await world.host.production.shownState(commitOf(change.head, 'feature-1'), never)).toBeUndefined();
  });
});

describe('a deployment', () => {
  test.each([
    ['to the same state, which GitLab refuses', 'success'],
    ['to another state', 'failed'],
  ] as const)('moved by another worker after we looked — %s — is a success', async (_what, moved) => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    const memory = await setDeployment(commit, says('running'));
    const { deployments } = world.project;
    const stop = world.sandbox.observe(({ method, path }) => {
      if (method !== 'GET' || !/\/deployments\/\d+$/.test(path)) return;
      stop();
      for (const one of deployments) one.status = moved;
    });
    await setDeployment(commit, says('success'), memory);

    expect(deployments.map(({ status }) => status)).toEqual(['success']);
  });

  test('deleted after we looked — can be tried again, and is made anew', async () => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    const memory = await setDeployment(commit, says('running'));
    const stop = world.sandbox.observe(({ method, path }) => {
      if (method !== 'GET' || !/\/deployments\/\d+$/.test(path)) return;
      stop();
      world.project.deployments.length = 0;
    });

    await expect(setDeployment(commit, says('success'), memory)).rejects.toBeInstanceOf(RetryableError);
    await setDeployment(commit, says('success'), memory);
    expect(await world.shownDeployments('prod')).toEqual([{ sha: commit.sha, state: 'success' }]);
  });

  test('the link that people gave the environment — stays', async () => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    await setDeployment(commit, says('running'));
    const [environment] = world.project.environments;
    if (environment === undefined) throw new Error('no environment');
    environment.externalUrl = 'https://shop.example.com';
    await setDeployment(commit, says('success', { environmentUrl: 'https://auto-mpg.example.com' }));

    expect(await world.environmentUrl('prod')).toBe('https://shop.example.com');
  });

  test('a link that cannot be written — does not undo the deployment', async () => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    const long = `https://auto-mpg.example.com/${'x'.repeat(300)}`;
    await setDeployment(commit, says('success', { environmentUrl: long }));

    expect(await world.shownDeployments('prod')).toEqual([{ sha: commit.sha, state: 'success' }]);
    expect(await world.environmentUrl('prod')).toBeUndefined();
  });

  test('a branch that was deleted — says what to look at', async () => {
    await begin();
    const commit = commitOf(await world.commit('release'), 'release');
    await world.deleteBranch('release');

    await expect(setDeployment(commit, says('running'))).rejects.toMatchObject({
      code: 'deployment-refused',
      message: expect.stringContaining('The branch or tag does not exist'),
    });
  });

  test('more than a page of others’ — ours is found', async () => {
    await begin();
    const commit = commitOf(await world.commit('main'));
    await setDeployment(commit, says('running'));
    const [first] = world.project.deployments;
    if (first === undefined) throw new Error('no deployment');
    const user = world.project.creator;
    for (let made = 0; made < 110; made += 1)
      world.project.deployments.push({ ...first, id: 1_000_000 + made, user });
    await setDeployment(commit, says('failure'));

    expect(world.project.deployments[0]?.status).toBe('failed');
    expect(world.project.deployments).toHaveLength(111);
  });
});
