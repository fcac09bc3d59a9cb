import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGithubChanges } from '../../../src/adapters/github/changes.ts';
import type { Answer } from '../../../src/adapters/github/client.ts';
import type { InRepository } from '../../../src/adapters/github/in-repository.ts';
import { UserError } from '../../../src/errors.ts';
import { sampleSha } from '../../support/sample-run.ts';
import { createGithubWorld, type GithubWorld } from './github-world.ts';

const never = new AbortController().signal;
let world: GithubWorld;
beforeEach(async () => {
  world = await createGithubWorld();
});
afterEach(() => world.dispose());

const read = (number: number) =>
  world.host.changes.read({ kind: 'change', host: 'hub', repositoryId: world.repository.id, number }, never);
const group = (branch: string) =>
  world.host.changes.read(
    { kind: 'merge-group', host: 'hub', repositoryId: world.repository.id, branch },
    never,
  );

describe('a merge group', () => {
  test('in the queue — is a change without a number', async () => {
    const { branch, headSha } = await world.sandbox.enqueue(world.pull(await world.openChange()));

    expect(await group(branch)).toMatchObject({
      repository: { host: 'hub', ...world.repository },
      number: undefined,
      reference: branch,
      state: 'open',
      head: headSha,
      headRef: `refs/heads/${branch}`,
      targetBranch: 'main',
      source: { fork: false },
    });
    expect(await world.host.changes.listMergeGroups(world.repository.id, never)).toEqual([
      { branch, head: headSha },
    ]);
  });

  test('merged or taken out — is not there any more', async () => {
    const merged = await world.sandbox.enqueue(world.pull(await world.openChange()));
    await world.sandbox.mergeGroup(merged, { force: true });
    const pull = world.pull(await world.openChange());
    const left = await world.sandbox.enqueue(pull);
    await world.sandbox.dequeue(pull);

    expect(await group(merged.branch)).toBeUndefined();
    expect(await group(left.branch)).toBeUndefined();
    expect(await world.host.changes.listMergeGroups(world.repository.id, never)).toEqual([]);
  });

  test('of a branch with a slash and signs of addresses — is read whole', async () => {
    const { sandbox, acme } = world;
    const branch = `gh-readonly-queue/release/50%25#1?/pr-3-${'c'.repeat(40)}`;
    const head = await sandbox.commit(acme, 'main', { 'a.txt': '1' }, 'more');
    await sandbox.push(acme, `refs/heads/${branch.replace('?', '')}`, head);

    expect(await group(branch.replace('?', ''))).toMatchObject({ targetBranch: 'release/50%25#1', head });
  });

  test.each(['main', 'gh-readonly-queue/main', 'gh-readonly-queue/main/pr-x'])(
    'the branch %s — is none',
    async (branch) => {
      expect(await group(branch)).toBeUndefined();
    },
  );
});

describe('the changes of a head', () => {
  test('of the repository and of a fork — are found; merged ones are not', async () => {
    for (const fork of [false, true]) {
      const number = await world.openChange({ fork });
      const head = (await read(number))?.head ?? sampleSha('e');
      const found = () => world.host.changes.ofHead(world.repository.id, head, never);

      expect(await found()).toEqual([{ repositoryId: world.repository.id, number }]);
      await world.closeChange(number);
      expect(await found()).toEqual([]);
    }
  });

  const head = sampleSha('a');
  const row = (number: number, sha: string) => ({
    number,
    title: 't',
    html_url: 'https://github.com/acme/auto-mpg/pull/1',
    state: 'open',
    head: { ref: 'b', sha, repo: null },
    base: { ref: 'main', repo: { id: 7, full_name: 'acme/auto-mpg' } },
  });
  const rows = new Map([['GET /pulls', [row(5, 'b'.repeat(40)), row(4, head)]]]);

  test.each<[string, () => Promise<Answer>]>([
    ['an empty list', async () => ({ data: [], headers: {} })],
    ['no such commit', () => Promise.reject(new UserError('host-refused', 'No commit found', ''))],
  ])('of a fork that the list of the commit leaves out: %s — are looked for', async (_, ofCommit) => {
    const repositories: InRepository = {
      send: async ({ route }) =>
        route.startsWith('GET /commits') ? ofCommit() : { data: rows.get(route) ?? [], headers: {} },
      gitToken: async () => '',
    };
    const directory = { find: async () => undefined, list: async () => [], renew: async () => undefined };
    const changes = createGithubChanges({ id: 'hub', url: 'https://github.com', repositories, directory });

    expect(await changes.ofHead('7', head, never)).toEqual([{ repositoryId: '7', number: 4 }]);
  });
});

describe('a change', () => {
  test('whose fork was deleted — is still read', async () => {
    const number = await world.openChange({ fork: true });
    world.pull(number).headRepository = undefined;

    expect(await read(number)).toMatchObject({
      source: { fork: true, repositoryId: undefined },
      headRef: `refs/pull/${number}/head`,
    });
  });
});

describe('who may push', () => {
  test.each<['admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none', boolean]>([
    ['admin', true],
    ['maintain', true],
    ['write', true],
    ['triage', false],
    ['read', false],
    ['none', false],
  ])('%s — %s', async (role, may) => {
    world.sandbox.addUser({ login: 'ada' });
    world.sandbox.setCollaborator(world.acme, 'ada', role);

    expect(await world.host.people.mayPush(world.repository.id, 'ada', never)).toBe(may);
  });
});
