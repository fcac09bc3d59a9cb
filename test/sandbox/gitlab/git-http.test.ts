import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestWorld, type TestWorld } from './world.ts';

const run = promisify(execFile);
let world: TestWorld;
let folder: string;

beforeEach(async () => {
  world = await startTestWorld();
  folder = await mkdtemp(join(tmpdir(), 'gitlab-clone-'));
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

function url(token: string | undefined): string {
  const user = token === undefined ? '' : `oauth2:${token}@`;
  return `${world.gitlab.url.replace('://', `://${user}`)}/ml/auto-mpg.git`;
}

async function git(...args: readonly string[]): Promise<string> {
  const identity = [
    '-c',
    'user.name=Dev',
    '-c',
    'user.email=dev@sandbox.invalid',
    '-c',
    'credential.helper=',
  ];
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_GLOBAL: '/dev/null' };
  const { stdout } = await run('git', [...identity, ...args], { cwd: folder, env });
  return stdout;
}

describe('git over HTTP', () => {
  test('clone without blobs, then any blob by its id', async () => {
    await git('clone', '--quiet', '--bare', '--filter=blob:none', url(world.users.bot.token), 'bare');
    expect(await git('-C', 'bare', 'rev-list', '--objects', '--missing=print', 'HEAD')).toMatch(
      /^\?[0-9a-f]{40}$/m,
    );
    const blob = (await git('-C', world.project.directory, 'rev-parse', 'main:README.md')).trim();
    await git('-C', 'bare', 'fetch', '--quiet', 'origin', blob);
    expect(await git('-C', 'bare', 'cat-file', '-p', blob)).toBe('# Auto MPG\n');
  });

  test('a commit that no ref holds any more can still be fetched', async () => {
    const sha = await world.gitlab.commit(world.project, 'gone', { a: '1' }, 'Gone');
    await world.gitlab.push(world.project, 'refs/heads/gone', undefined);
    await git('init', '--quiet', '--bare', 'bare');
    await git('-C', 'bare', 'fetch', '--quiet', url(world.users.bot.token), sha);
    expect((await git('-C', 'bare', 'cat-file', '-t', sha)).trim()).toBe('commit');
  });

  test('a push moves the merge request’s head before the client hears that it is done', async () => {
    await world.gitlab.commit(world.project, 'feature', { 'data.dvc': '1' }, 'Data');
    const mergeRequest = await world.gitlab.openMergeRequest(world.project, { source: 'feature' });
    await git('clone', '--quiet', '--branch', 'feature', url(world.users.dev.token), 'work');
    await writeFile(join(folder, 'work', 'data.dvc'), '2');
    await git('-C', 'work', 'commit', '--quiet', '-am', 'More data');
    await git('-C', 'work', 'push', '--quiet', 'origin', 'feature');
    const pushed = (await git('-C', 'work', 'rev-parse', 'HEAD')).trim();
    expect(mergeRequest.sha).toBe(pushed);
    await git('-C', 'work', 'fetch', '--quiet', 'origin', `refs/merge-requests/${mergeRequest.iid}/head`);
    expect((await git('-C', 'work', 'rev-parse', 'FETCH_HEAD')).trim()).toBe(pushed);
    expect(await readFile(join(folder, 'work', 'README.md'), 'utf8')).toBe('# Auto MPG\n');
  });

  test.each([
    ['nobody', () => undefined, /could not read Username/],
    ['a wrong token', () => 'glpat-wrong', /Authentication failed/],
    ['a stranger', () => world.users.stranger.token, /not found/],
    ['a token without scope', () => world.gitlab.addToken('bot', { scopes: ['read_api'] }), /403/],
  ])('clone as %s fails', async (_name, token, message) => {
    await expect(git('clone', url(token()), 'work')).rejects.toThrow(message);
  });

  test('a revoked token is no token', async () => {
    world.gitlab.revokeToken(world.users.bot.token);
    await expect(git('clone', url(world.users.bot.token), 'work')).rejects.toThrow('Authentication failed');
  });

  test.each([
    ['a reporter', () => world.users.reporter.token, 'feature', /403/],
    ['a developer to the protected branch', () => world.users.dev.token, 'main', /hidden ref/],
    [
      'anybody to the refs of merge requests',
      () => world.users.owner.token,
      'refs/merge-requests/9/head',
      /hidden ref/,
    ],
    [
      'a read-only token',
      () => world.gitlab.addToken('owner', { scopes: ['read_repository'] }),
      'feature',
      /403/,
    ],
  ])('push by %s fails', async (_name, token, ref, message) => {
    await git('clone', '--quiet', url(world.users.owner.token), 'work');
    await git('-C', 'work', 'commit', '--quiet', '--allow-empty', '-m', 'x');
    await expect(
      git('-C', 'work', 'push', url(token()), `HEAD:${ref.startsWith('refs/') ? ref : `refs/heads/${ref}`}`),
    ).rejects.toThrow(message);
  });

  test('a push larger than the client’s buffer comes in pieces', async () => {
    await git('clone', '--quiet', url(world.users.dev.token), 'work');
    await writeFile(join(folder, 'work', 'large.bin'), randomBytes(3_000_000));
    await git('-C', 'work', 'add', '.');
    await git('-C', 'work', 'commit', '--quiet', '-m', 'Large');
    await git('-C', 'work', 'push', '--quiet', 'origin', 'HEAD:refs/heads/large');
    const { body } = await world.api('GET', `/projects/${world.project.id}/repository/branches/large`);
    expect(body.commit.title).toBe('Large');
  });

  test('faults reach git, too', async () => {
    world.gitlab.failGit({
      when: ({ path }) => path.endsWith('/info/refs'),
      times: 1,
      fault: { kind: 'status', status: 503 },
    });
    await expect(git('clone', url(world.users.bot.token), 'one')).rejects.toThrow('503');
    await git('clone', '--quiet', url(world.users.bot.token), 'two');
    world.gitlab.failGit({ when: () => true, fault: { kind: 'drop' } });
    await expect(git('clone', url(world.users.bot.token), 'three')).rejects.toThrow(/Empty reply|reset/);
  });

  test('a public project is cloned without a token', async () => {
    world.gitlab.setProject(world.project, { visibility: 'public' });
    await git('clone', '--quiet', url(undefined), 'work');
    expect(await readFile(join(folder, 'work', 'README.md'), 'utf8')).toBe('# Auto MPG\n');
  });
});
