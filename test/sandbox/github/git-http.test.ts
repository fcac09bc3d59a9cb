import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mark, told } from './told.ts';
import { startTestWorld, type TestWorld } from './world.ts';

const run = promisify(execFile);
let world: TestWorld;
let folder: string;

beforeAll(async () => {
  world = await startTestWorld();
  folder = await mkdtemp(join(tmpdir(), 'github-git-'));
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

/** The words of git, or what it failed with. */
async function git(args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: folder,
  };
  try {
    return (await run('git', args, { cwd: folder, env })).stdout;
  } catch (error) {
    return `failed: ${String(error)}`;
  }
}

function address(token: string | undefined, name = 'acme/auto-mpg'): string {
  const url = new URL(`${world.github.url}/${name}.git`);
  if (token !== undefined) Object.assign(url, { username: 'x-access-token', password: token });
  return url.href;
}

describe('git over HTTP', () => {
  test('installation token — sees branches, heads of pull requests and groups', async () => {
    const { github, repository, installation } = world;
    const sha = await github.commit(repository, 'feature', { 'a.txt': 'a\n' }, 'A');
    const pull = await github.openPull(repository, { head: 'feature' });
    const group = await github.enqueue(pull);
    const token = github.installationToken(installation, { permissions: { contents: 'read' } });
    const refs = await git(['ls-remote', address(token)]);
    expect(refs).toContain(`${sha}\trefs/heads/feature`);
    expect(refs).toContain(`${sha}\trefs/pull/${pull.number}/head`);
    expect(refs).toContain(`${group.headSha}\trefs/heads/${group.branch}`);
    const clone = join(folder, 'partial.git');
    await git(['init', '--quiet', '--bare', clone]);
    expect(
      await git(['-C', clone, 'fetch', '--quiet', '--filter=blob:none', address(token), group.headSha]),
    ).toBe('');
  });

  test.each([
    ['without a token', () => undefined],
    ['with an unknown token', () => 'ghs_nobody'],
    [
      'with a token without contents',
      () => world.github.installationToken(world.installation, { permissions: { checks: 'read' } }),
    ],
    ['with a stranger’s token', () => world.people.stranger.token],
  ])('%s — refused', async (_name, token) => {
    expect(await git(['ls-remote', address(token())])).toContain('failed');
  });

  test('token of another repository — not found', async () => {
    const other = await world.github.createRepository({ name: 'acme/other' });
    const token = world.github.installationToken(world.installation, { repository_ids: [other.id] });
    expect(await git(['ls-remote', address(token)])).toMatch(/not found/i);
    expect(await git(['ls-remote', address(token, 'acme/other')])).toBe('');
  });

  test('a push of a person — is told; one of a reader or to the queue is refused', async () => {
    const { people, repository } = world;
    const clone = join(folder, 'work');
    await git(['clone', '--quiet', address(people.dev.token), clone]);
    const author = ['-c', 'user.name=dev', '-c', 'user.email=dev@sandbox.invalid'];
    await git(['-C', clone, ...author, 'commit', '--quiet', '--allow-empty', '-m', 'Pushed']);
    const since = await mark(world);
    expect(await git(['-C', clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/pushed'])).toBe('');
    const [push] = await told(world, 'push', since);
    expect(push).toMatchObject({
      ref: 'refs/heads/pushed',
      created: true,
      sender: { login: 'dev' },
      head_commit: { message: 'Pushed' },
    });
    expect(
      await git(['-C', clone, 'push', '--quiet', address(people.reader.token), 'HEAD:refs/heads/no']),
    ).toContain('403');
    expect(
      await git(['-C', clone, 'push', '--quiet', 'origin', 'HEAD:refs/heads/gh-readonly-queue/main/x']),
    ).toContain('failed');
    expect(await git(['-C', clone, 'push', '--quiet', 'origin', 'HEAD:refs/pull/1/head'])).toContain(
      'failed',
    );
    expect(repository.pushedAt).toBeInstanceOf(Date);
  });

  test('public repository — read by everybody', async () => {
    const open = await world.github.createRepository({ name: 'acme/open', private: false });
    const sha = await world.github.commit(open, 'main', { 'a.txt': 'a\n' }, 'A');
    expect(await git(['ls-remote', address(undefined, 'acme/open')])).toContain(sha);
  });
});
