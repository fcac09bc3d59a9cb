import { expect, test } from 'vitest';
import { runCheck } from '../../src/cli/check.ts';
import { judgeWorkingCopy } from '../../src/compose/local.ts';
import { commit, git, newRepository, path, temporaryDirectory } from '../adapters/git/repositories.ts';

/** `modelgate check` in a directory, over real git: its exit code and what it prints. */
async function check(cwd: string, ...argv: string[]) {
  let said = '';
  const stdout = { write: (text: string) => void (said += text) };
  const isTty = { stdout: false, stderr: false };
  const now = new Date();
  const { signal } = new AbortController();
  const io = { cwd, env: path, stdout, stderr: stdout, isTty, columns: 400, now, signal };
  const home = temporaryDirectory();
  const keys = { AWS_ACCESS_KEY_ID: 'key-of-a-test', AWS_SECRET_ACCESS_KEY: 'secret-of-a-test' };
  const code = await runCheck(argv, io, async (request) => ({
    ...(await judgeWorkingCopy(request, { env: { ...path, ...keys, XDG_CONFIG_HOME: home }, home })),
    version: '0',
  }));
  return { code, said: said.replaceAll(/\n +/g, ' ') };
}

/** `main` and `feature` with one file that both change; `feature` is checked out. */
function diverged(): string {
  const directory = newRepository();
  commit(directory, { 'params.yaml': 'rate: 1\n' });
  git(directory, 'checkout', '--quiet', '-b', 'feature');
  commit(directory, { 'params.yaml': 'rate: 2\n' });
  git(directory, 'checkout', '--quiet', 'main');
  commit(directory, { 'params.yaml': 'rate: 3\n' });
  git(directory, 'checkout', '--quiet', 'feature');
  return directory;
}

test('a merge that stopped with conflicts — is failed, names the files and what to do', async () => {
  const directory = diverged();
  expect(() => git(directory, 'merge', 'main')).toThrow(/Command failed/);

  const { code, said } = await check(directory, '-t', 'main');

  expect(code).toBe(1);
  expect(said).toContain('change/conflict');
  expect(said).toContain('Both sides changed the file. Resolve the file and stage it with `git add`.');
  expect(said).toMatch(/repair +git mergetool params\.yaml/);
  expect(said).toContain('conflict: cannot be merged because of params.yaml');
});

test('a shallow clone without a common commit — is undecided, and says how CI gets the history', async () => {
  const origin = diverged();
  const directory = temporaryDirectory();
  git(directory, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${origin}`, '.');

  const { code, said } = await check(directory, '-t', 'main');

  expect(code).toBe(3);
  expect(said).toContain('could not decide: not merged: the clone is shallow and holds no common commit');
  for (const way of ['git fetch --unshallow', 'GIT_DEPTH: 0', 'fetch-depth: 0']) expect(said).toContain(way);
  git(directory, 'fetch', '--quiet', '--unshallow');
  expect((await check(directory, '-t', 'main')).code).toBe(1);
});

test('a shallow clone that cannot be merged — what fails in the head alone is certain', async () => {
  const origin = diverged();
  commit(origin, { 'pipeline.dvc': 'outs: [\n' });
  const directory = temporaryDirectory();
  git(directory, 'clone', '--quiet', '--depth=1', '--no-single-branch', `file://${origin}`, '.');

  expect((await check(directory, '-t', 'main')).code).toBe(1);
});

test('a target that `git fetch` does not move — is not told to be fetched', async () => {
  expect((await check(diverged(), '-t', 'main')).said).not.toContain('fetched');
});

test('a branch of a remote, never fetched — is told to be', async () => {
  const directory = diverged();
  git(directory, 'update-ref', 'refs/remotes/origin/main', 'main');

  const { said } = await check(directory, '-t', 'origin/main');

  expect(said).toContain('fetched  not since this repository was made; `git fetch`');
});

test('a data remote that is away — the advice is for this machine', async () => {
  const directory = newRepository();
  const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = s3://team/dvc\n    endpointurl = http://127.0.0.1:9\n`;
  commit(directory, { '.dvc/config': config });
  git(directory, 'checkout', '--quiet', '-b', 'feature');
  commit(directory, { 'a.dvc': `outs:\n- md5: ${'a'.repeat(32)}\n  size: 4\n  hash: md5\n  path: a\n` });

  const { code, said } = await check(directory, '-t', 'main');

  expect(code).toBe(3);
  expect(said).not.toMatch(/asked for again|server/);
  expect(said).toContain('run `modelgate check` again once this machine reaches the remote');
});
