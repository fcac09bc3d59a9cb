import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resolveCommit } from '../../../src/sandbox/git/bare-repository.ts';
import type { Repository } from '../../../src/sandbox/github/state.ts';
import { mark, told } from './told.ts';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
let repository: Repository;
let branch = '';
let count = 0;
const repo = '/repos/acme/auto-mpg';

beforeAll(async () => {
  world = await startTestWorld();
  ({ repository } = world);
});

beforeEach(async () => {
  branch = `work-${(count += 1)}`;
  await world.github.commit(repository, branch, { [`${branch}.txt`]: '1\n' }, { message: 'One', as: 'dev' });
});

afterAll(() => world.close());

describe('pull request', () => {
  test('opened, pushed to, closed, opened again — tells each with the head of that moment', async () => {
    const { github } = world;
    const since = await mark(world);
    const pull = await github.openPull(repository, { head: branch, as: 'dev' });
    const first = pull.headSha;
    const second = await github.commit(
      repository,
      branch,
      { 'more.txt': '2\n' },
      { message: 'Two', as: 'dev' },
    );
    await github.push(repository, `refs/heads/${branch}`, first, { as: 'dev' });
    await github.closePull(pull);
    await github.reopenPull(pull);
    const events = (await told(world, 'pull_request', since)).map((body) => [
      body.action,
      body.before,
      body.pull_request.head.sha,
    ]);
    expect(events).toEqual([
      ['opened', undefined, first],
      ['synchronize', first, second],
      ['synchronize', second, first],
      ['closed', undefined, first],
      ['reopened', undefined, first],
    ]);
    const pushes = (await told(world, 'push', since)).map((body) => [body.before, body.after, body.forced]);
    expect(pushes).toEqual([
      [first, second, false],
      [second, first, true],
    ]);
  });

  test('shown — mergeable is null for who asks first, and known a while later', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    const at = `${repo}/pulls/${pull.number}`;
    expect((await world.api('GET', at)).body).toMatchObject({
      mergeable: null,
      mergeable_state: 'unknown',
      commits: 1,
      additions: 1,
      changed_files: 1,
    });
    await github.idle();
    const { body } = await world.api('GET', at);
    expect(body).toMatchObject({
      mergeable: true,
      mergeable_state: 'clean',
      html_url: `${github.url}/acme/auto-mpg/pull/${pull.number}`,
    });
    expect(await resolveCommit(repository.directory, `refs/pull/${pull.number}/merge`)).toBe(
      body.merge_commit_sha,
    );
  });

  test('in conflict with its base — dirty', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    await github.commit(repository, 'main', { [`${branch}.txt`]: 'other\n' }, 'Other');
    await world.api('GET', `${repo}/pulls/${pull.number}`);
    await github.idle();
    expect((await world.api('GET', `${repo}/pulls/${pull.number}`)).body).toMatchObject({
      mergeable: false,
      mergeable_state: 'dirty',
    });
  });

  test('of a fork — its head is in the repository under refs/pull', async () => {
    const { github } = world;
    const owner = github.addUser({ login: `forker-${count}` }).login;
    const fork = await github.fork(repository, { owner });
    const sha = await github.commit(fork, 'theirs', { 't.txt': 't\n' }, 'Theirs');
    const pull = await github.openPull(repository, { from: fork, head: 'theirs', as: owner });
    const { body } = await world.api('GET', `${repo}/pulls/${pull.number}`);
    expect(body.head).toMatchObject({ sha, label: `${owner}:theirs`, repo: { id: fork.id, fork: true } });
    expect(await resolveCommit(repository.directory, `refs/pull/${pull.number}/head`)).toBe(sha);
  });

  test('refs held back — the webhook comes first, the ref later', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    const before = pull.headSha;
    const ref = `refs/pull/${pull.number}/head`;
    const release = github.holdPullRefs(repository);
    const since = await mark(world);
    const after = await github.commit(repository, branch, { 'more.txt': '2\n' }, 'Two');
    const [event] = (await told(world, 'pull_request', since)).slice(-1);
    expect([event.action, event.after]).toEqual(['synchronize', after]);
    expect(await resolveCommit(repository.directory, ref)).toBe(before);
    await release();
    expect(await resolveCommit(repository.directory, ref)).toBe(after);
  });

  test('whose branch is deleted — is closed, and stays so', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    await github.push(repository, `refs/heads/${branch}`, undefined);
    expect(pull.state).toBe('closed');
    await expect(github.reopenPull(pull)).rejects.toThrow('cannot be opened again');
  });

  test('list — by state, order and page', async () => {
    const { github } = world;
    const one = await github.openPull(repository, { head: branch });
    await github.commit(repository, `${branch}b`, { 'b.txt': 'b\n' }, 'B');
    const two = await github.openPull(repository, { head: `${branch}b`, base: branch });
    await github.closePull(one);
    const numbers = async (query: string): Promise<readonly number[]> =>
      (await world.api('GET', `${repo}/pulls?${query}`)).body.map((pull: { number: number }) => pull.number);
    expect(await numbers('state=all&per_page=2')).toEqual([two.number, one.number]);
    expect((await numbers('state=open')).includes(one.number)).toBe(false);
    expect(await numbers(`state=all&base=${branch}`)).toEqual([two.number]);
    expect(await numbers(`state=all&head=acme:${branch}`)).toEqual([one.number]);
    expect(await numbers('state=all&sort=created&direction=asc&per_page=1')).toEqual([1]);
    const page = await world.api('GET', `${repo}/pulls?state=all&per_page=1&page=2`);
    expect([...(page.headers.get('link') ?? '').matchAll(/rel="(\w+)"/g)].map((found) => found[1])).toEqual([
      'prev',
      'next',
      'last',
      'first',
    ]);
    expect((await world.api('GET', `${repo}/pulls?state=merged`)).status).toBe(422);
  });

  test('in the API version of 2026 — without the two dropped fields', async () => {
    const pull = await world.github.openPull(repository, { head: branch });
    const headers = {
      authorization: `Bearer ${world.people.dev.token}`,
      'x-github-api-version': '2026-03-10',
    };
    const response = await fetch(`${world.github.apiUrl}${repo}/pulls/${pull.number}`, { headers });
    const body = JSON.parse(await response.text());
    expect('merge_commit_sha' in body || 'assignee' in body).toBe(false);
  });
});

describe('merge', () => {
  test.each([
    ['merge', 2],
    ['squash', 1],
    ['rebase', 1],
  ] as const)('%s — moves the base, tells push and closed with the same commit', async (method, parents) => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    await github.commit(repository, branch, { [`${branch}.txt`]: '2\n' }, 'Two');
    await github.commit(repository, 'main', { 'elsewhere.txt': `${count}\n` }, 'Elsewhere');
    const since = await mark(world);
    const tip = await github.merge(pull, { method });
    const [closed] = await told(world, 'pull_request', since);
    expect(closed).toMatchObject({
      action: 'closed',
      pull_request: { merged: true, merge_commit_sha: tip, merged_by: { login: 'admin' } },
    });
    expect((await told(world, 'push', since))[0]).toMatchObject({
      ref: 'refs/heads/main',
      after: tip,
      forced: false,
    });
    const { body } = await world.api('GET', `${repo}/commits/${tip}`);
    expect(body.parents).toHaveLength(parents);
    const pulls = await world.api('GET', `${repo}/commits/${tip}/pulls`);
    expect(pulls.body).toMatchObject([{ number: pull.number }]);
  });

  test('of a draft, in conflict, or without a required check — names the obstacle', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch, draft: true });
    await expect(github.merge(pull)).rejects.toThrow('draft');
    await github.setDraft(pull, false);
    github.protect(repository, 'main', { requiredChecks: [{ context: 'gate' }] });
    await expect(github.merge(pull)).rejects.toThrow('required: gate is expected');
    github.protect(repository, 'main', undefined);
    await github.commit(repository, 'main', { [`${branch}.txt`]: 'other\n' }, 'Other');
    await expect(github.merge(pull)).rejects.toThrow('conflict');
  });

  test('by a push that brings the head — is merged too', async () => {
    const { github } = world;
    await github.push(
      repository,
      `refs/heads/${branch}f`,
      await resolveCommit(repository.directory, 'refs/heads/main'),
    );
    const sha = await github.commit(repository, `${branch}f`, { 'f.txt': `${count}\n` }, 'F');
    const pull = await github.openPull(repository, { head: `${branch}f` });
    const since = await mark(world);
    await github.push(repository, 'refs/heads/main', sha);
    expect(pull).toMatchObject({ state: 'closed', mergeCommitSha: sha });
    expect(await told(world, 'pull_request', since)).toMatchObject([
      { action: 'closed', pull_request: { merged: true } },
    ]);
  });
});

describe('merge queue', () => {
  test('checked and merged — the branch comes and goes', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    const since = await mark(world);
    const group = await github.enqueue(pull);
    const base = await resolveCommit(repository.directory, 'refs/heads/main');
    expect(group.branch).toBe(`gh-readonly-queue/main/pr-${pull.number}-${base}`);
    const at = `${repo}/git/ref/heads/${group.branch}`;
    expect((await world.api('GET', at)).body.object.sha).toBe(group.headSha);
    github.protect(repository, 'main', { requiredChecks: [{ context: 'gate', app: world.app }] });
    await expect(github.mergeGroup(group)).rejects.toThrow('gate is expected');
    const fields = { name: 'gate', head_sha: group.headSha, conclusion: 'success' };
    expect((await world.api('POST', `${repo}/check-runs`, fields)).status).toBe(201);
    expect(await github.mergeGroup(group)).toBe(group.headSha);
    github.protect(repository, 'main', undefined);
    expect((await world.api('GET', at)).status).toBe(404);
    const groups = await told(world, 'merge_group', since);
    expect(groups.map((body) => [body.action, body.reason, body.merge_group.head_sha])).toEqual([
      ['checks_requested', undefined, group.headSha],
      ['destroyed', 'merged', group.headSha],
    ]);
    const pulls = (await told(world, 'pull_request', since)).map((body) => [body.action, body.reason]);
    expect(pulls).toEqual([
      ['enqueued', undefined],
      ['closed', undefined],
      ['dequeued', 'MERGE'],
    ]);
  });

  test('two in a row — the second stands on the first, and is built anew when that leaves', async () => {
    const { github } = world;
    const one = await github.openPull(repository, { head: branch });
    await github.commit(repository, `${branch}b`, { [`${branch}b.txt`]: 'b\n' }, 'B');
    const two = await github.openPull(repository, { head: `${branch}b` });
    const first = await github.enqueue(one);
    const second = await github.enqueue(two);
    expect(second.baseSha).toBe(first.headSha);
    const since = await mark(world);
    await github.dequeue(one, { reason: 'CI_FAILURE' });
    const told2 = (await told(world, 'merge_group', since)).map((body) => [
      body.action,
      body.reason,
      body.merge_group.head_ref.split('/').at(-1).slice(0, -41),
    ]);
    expect(told2).toEqual([
      ['destroyed', 'dequeued', `pr-${one.number}`],
      ['destroyed', 'invalidated', `pr-${two.number}`],
      ['checks_requested', undefined, `pr-${two.number}`],
    ]);
    await github.dequeue(two);
  });

  test('the base is pushed to — the group is invalidated and built anew', async () => {
    const { github } = world;
    const pull = await github.openPull(repository, { head: branch });
    const group = await github.enqueue(pull);
    const tip = await github.commit(repository, 'main', { 'push.txt': `${count}\n` }, 'Push');
    expect(group.ended).toBe('invalidated');
    const fresh = repository.mergeGroups.findLast((entry) => entry.pull === pull);
    expect(fresh).toMatchObject({ baseSha: tip, ended: undefined });
    await github.commit(repository, branch, { 'late.txt': 'l\n' }, 'Late');
    expect(fresh?.ended).toBe('dequeued');
  });
});
