import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toSha } from '../../../src/domain/repository.ts';
import { createGitlabWorld, type GitlabWorld } from './gitlab-world.ts';

const never = new AbortController().signal;

let world: GitlabWorld;
beforeEach(async () => void (world = await createGitlabWorld()));
afterEach(() => world.dispose());

describe('a merge request without a commit', () => {
  test('is nothing to judge yet, until one is pushed', async () => {
    const { changes } = world.host;
    const { id } = world.repository;
    const number = await world.openChange();
    Object.assign(world.mergeRequest(number), { sha: null });

    expect(
      await changes.read({ kind: 'change', host: 'corp', repositoryId: id, number }, never),
    ).toBeUndefined();
    expect(await changes.listOpen(id, 10, never)).toEqual([]);
    await world.push(number);
    expect(
      await changes.read({ kind: 'change', host: 'corp', repositoryId: id, number }, never),
    ).toMatchObject({ number, state: 'open' });
  });
});

describe('the changes of a commit in a fork', () => {
  async function fork(path: string) {
    const { sandbox, project, bot } = world;
    const copy = await sandbox.fork(project, { path, owner: 'owner' });
    sandbox.addMember(copy, bot.username, 30);
    await sandbox.commit(copy, 'feature', { 'd.csv': `${path}\n` }, 'outside');
    return copy;
  }

  test('are those of the repository it came from, and its own', async () => {
    const copy = await fork('ml/copy');
    const wanted = { sourceProject: copy, source: 'feature' };
    const { iid, sha } = await world.sandbox.openMergeRequest(world.project, wanted);
    const own = await world.sandbox.openMergeRequest(copy, { source: 'feature' });

    const found = await world.host.changes.ofHead(String(copy.id), toSha(sha)!, never);

    expect(found).toEqual([
      { repositoryId: String(copy.id), number: own.iid },
      { repositoryId: world.repository.id, number: iid },
    ]);
  });

  test('that nobody proposed — are none', async () => {
    const copy = await fork('ml/copy');
    const sha = await world.sandbox.commit(copy, 'other', { 'e.csv': 'e\n' }, 'more');

    expect(await world.host.changes.ofHead(String(copy.id), toSha(sha)!, never)).toEqual([]);
  });

  test('of a repository that the configuration does not name — are not looked for', async () => {
    const { sandbox, bot } = world;
    const origin = await sandbox.createProject({
      path: 'web/data',
      owner: 'owner',
      members: { [bot.username]: 30 },
    });
    await sandbox.commit(origin, 'main', { 'README.md': 'x\n' }, 'first');
    const copy = await sandbox.fork(origin, { path: 'ml/data', owner: 'owner' });
    sandbox.addMember(copy, bot.username, 30);
    const sha = await sandbox.commit(copy, 'feature', { 'd.csv': 'd\n' }, 'outside');
    await sandbox.openMergeRequest(origin, { sourceProject: copy, source: 'feature' });

    expect(await world.host.changes.ofHead(String(copy.id), toSha(sha)!, never)).toEqual([]);
  });
});
