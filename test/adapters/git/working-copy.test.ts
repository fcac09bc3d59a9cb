import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWorkingCopy } from '../../../src/adapters/git/working-copy.ts';
import type { WorkingCopy, WorkingCopyOptions } from '../../../src/adapters/git/working-copy.ts';
import {
  commit,
  git,
  gitMeanwhile,
  newRepository,
  path,
  picture,
  serve,
  temporaryDirectory,
  write,
} from './repositories.ts';

const signal = new AbortController().signal;

async function open(directory: string, more: Partial<WorkingCopyOptions> = {}): Promise<WorkingCopy> {
  const options = {
    target: undefined,
    committed: false,
    environment: path,
    temporary: temporaryDirectory(),
    signal,
  };
  const copy = await openWorkingCopy(directory, { ...options, ...more });
  onTestFinished(() => copy.close());
  return copy;
}

async function judgedFiles({ snapshot }: WorkingCopy): Promise<Record<string, string>> {
  const { judged, trees } = snapshot;
  if (judged.kind === 'conflict') throw new Error(JSON.stringify(judged));
  const entries = (await trees.list(judged.tree, signal)).filter((entry) => entry.mode !== '160000');
  const blobs = await trees.read(
    entries.map((entry) => entry.oid),
    1_000_000,
    signal,
  );
  return Object.fromEntries(
    entries.map((entry) => {
      const blob = blobs.get(entry.oid);
      return [entry.path, blob?.kind === 'bytes' ? blob.bytes.toString() : `${blob?.kind}`];
    }),
  );
}

/** A clone of a remote whose `main` has moved on; the clone is on `feature`, one commit ahead. */
function clone(...args: string[]) {
  const remote = newRepository();
  commit(remote, { 'a.txt': 'a\n', '.gitignore': 'ignored*\n' }, 'first');
  const directory = temporaryDirectory();
  git(directory, 'clone', '--quiet', ...args, `file://${remote}`, '.');
  git(directory, 'checkout', '--quiet', '-b', 'feature');
  const head = commit(directory, { 'feature.txt': 'feature\n' }, 'my feature');
  const tip = commit(remote, { 'main.txt': 'main\n' }, 'main moved on');
  git(directory, 'fetch', '--quiet');
  return { remote, directory, head, tip };
}

describe('what is judged', () => {
  test('clean files — one commit ahead — the merge of HEAD into the remote’s default branch', async () => {
    const { directory, head, tip } = clone();
    const copy = await open(directory);

    expect(await judgedFiles(copy)).toEqual({
      '.gitignore': 'ignored*\n',
      'a.txt': 'a\n',
      'feature.txt': 'feature\n',
      'main.txt': 'main\n',
    });
    expect(copy.snapshot.base.commit).toBe(tip);
    expect(copy.snapshot.head.commit).toBe(head);
    expect(copy.reading).toMatchObject({
      target: { name: 'origin/main', subject: 'main moved on', sha: tip },
      head: { commit: { name: 'feature', subject: 'my feature', sha: head }, changedFiles: 0 },
      notMerged: undefined,
    });
    expect(copy.reading.fetchedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  test('changed, deleted and new files — not committed — are judged, ignored ones are not', async () => {
    const { directory } = clone();
    write(directory, {
      'a.txt': 'changed\n',
      'new/file.txt': 'new\n',
      ignored1: 'x',
      'feature.txt': undefined,
    });
    const copy = await open(directory);

    expect(await judgedFiles(copy)).toEqual({
      '.gitignore': 'ignored*\n',
      'a.txt': 'changed\n',
      'main.txt': 'main\n',
      'new/file.txt': 'new\n',
    });
    expect(copy.snapshot.head.commit).toBeUndefined();
    expect(copy.reading.head.changedFiles).toBe(3);
  });

  test('--committed — files differ — judges HEAD', async () => {
    const { directory, head } = clone();
    write(directory, { 'a.txt': 'changed\n' });
    const copy = await open(directory, { committed: true });

    expect((await judgedFiles(copy))['a.txt']).toBe('a\n');
    expect(copy.snapshot.head.commit).toBe(head);
  });

  test('a file changed on both sides — uncommitted here — is a conflict', async () => {
    const { directory } = clone();
    write(directory, { 'main.txt': 'mine\n' });
    const { snapshot } = await open(directory);

    expect(snapshot.judged).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'main.txt' }] });
  });

  test('the same second — same size, other bytes — is noticed', async () => {
    const { directory } = clone();
    const second = new Date(Math.floor(Date.now() / 1000) * 1000);
    write(directory, { 'a.txt': 'b\n' });
    utimesSync(join(directory, 'a.txt'), second, second);
    utimesSync(join(directory, '.git/index'), second, second);

    expect((await judgedFiles(await open(directory)))['a.txt']).toBe('b\n');
  });

  test('from a folder below — an executable, a symlink, odd names — as git would commit them', async () => {
    const { directory } = clone();
    write(directory, { 'sub/run.sh': '#!/bin/sh\n', 'sub/ü \n"x".txt': 'odd\n' });
    chmodSync(join(directory, 'sub/run.sh'), 0o755);
    symlinkSync('/etc/passwd', join(directory, 'sub/link'));
    const copy = await open(join(directory, 'sub'));

    const entries = await copy.snapshot.trees.list(copy.snapshot.head.tree, signal);
    const modes = Object.fromEntries(entries.map((entry) => [entry.path, entry.mode]));
    expect(modes).toMatchObject({
      'sub/run.sh': '100755',
      'sub/link': '120000',
      'sub/ü \n"x".txt': '100644',
    });
    expect((await judgedFiles(copy))['sub/link']).toBe('/etc/passwd');
    expect(copy.root).toBe(git(directory, 'rev-parse', '--show-toplevel'));
  });
});

describe('kinds of repositories', () => {
  test('unborn branch — target given — the files alone, with the reason', async () => {
    const { directory } = clone();
    git(directory, 'checkout', '--quiet', '--orphan', 'empty');
    git(directory, 'rm', '--quiet', '-r', '--force', '.');
    write(directory, { 'x.txt': 'x\n' });
    const copy = await open(directory, { target: 'main' });

    expect(await judgedFiles(copy)).toEqual({ 'x.txt': 'x\n' });
    expect(copy.reading).toMatchObject({
      head: { commit: undefined },
      notMerged: 'the branch has no commit yet',
    });
    await expect(open(directory, { target: 'main', committed: true })).rejects.toMatchObject({
      code: 'no-commit',
    });
  });

  test('detached HEAD — has no name', async () => {
    const { directory, head } = clone();
    git(directory, 'checkout', '--quiet', '--detach');
    const { reading } = await open(directory);

    expect(reading.head.commit).toMatchObject({ name: undefined, sha: head });
  });

  test('linked worktree — with its own index — is read like any other', async () => {
    const { directory } = clone();
    const linked = join(temporaryDirectory(), 'linked');
    git(directory, 'worktree', 'add', '--quiet', '-b', 'other', linked, 'main');
    write(linked, { 'linked.txt': 'linked\n' });
    const copy = await open(linked);

    expect((await judgedFiles(copy))['linked.txt']).toBe('linked\n');
    expect(copy.reading.head.commit?.name).toBe('other');
  });

  test('shallow clone — no common commit here — the head alone, and how to get the rest', async () => {
    const { directory, remote } = clone('--depth=1');
    commit(remote, { 'main2.txt': '2' });
    git(directory, 'fetch', '--quiet', '--depth=1');
    const copy = await open(directory);

    expect(copy.snapshot.judged).toMatchObject({
      kind: 'head',
      remedy: expect.stringMatching(/git fetch --unshallow.*GIT_DEPTH: 0.*fetch-depth: 0/),
    });
    expect(copy.reading.notMerged).toContain('the clone is shallow');
  });

  test('shallow clone — the target’s tip is an ancestor, or the branch itself — is merged all the same', async () => {
    const remote = newRepository();
    commit(remote, { 'a.txt': 'a\n' }, 'first');
    commit(remote, { 'b.txt': 'b\n' }, 'second');
    const directory = temporaryDirectory();
    git(directory, 'clone', '--quiet', '--depth=1', `file://${remote}`, '.');
    expect((await open(directory)).snapshot.judged.kind).toBe('merge-result');

    git(directory, 'checkout', '--quiet', '-b', 'feature');
    commit(directory, { 'c.txt': 'c\n' });
    expect((await open(directory)).snapshot.judged.kind).toBe('merge-result');
  });

  test('partial clone — blobs are not here — merges and reads them with one fetch, kept out of the repository', async () => {
    const remote = newRepository();
    const names = Array.from({ length: 30 }, (_, index) => `data/${index}.dvc`);
    commit(remote, Object.fromEntries(names.map((name) => [name, `${name}\n1\n`])));
    const { url, requests } = await serve(remote);
    const directory = temporaryDirectory();
    await gitMeanwhile(directory, 'clone', '--quiet', '--filter=blob:none', '--sparse', url, '.');
    const before = picture(join(directory, '.git'));
    requests.length = 0;
    const copy = await open(directory);

    const files = await judgedFiles(copy);

    expect(Object.keys(files).length).toBe(30);
    expect(files['data/7.dvc']).toBe('data/7.dvc\n1\n');
    expect(requests.filter((request) => request.startsWith('POST')).length).toBeLessThanOrEqual(2);
    expect(picture(join(directory, '.git'))).toBe(before);
  });

  test('sha256 — longer ids — works alike', async () => {
    const directory = newRepository('--object-format=sha256');
    commit(directory, { 'a.txt': 'a\n' });
    write(directory, { 'b.txt': 'b\n' });
    const copy = await open(directory, { target: 'main' });

    expect(await judgedFiles(copy)).toEqual({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    expect(copy.snapshot.base.commit).toHaveLength(64);
  });

  test('split index and alternates — settings of large repositories — are followed', async () => {
    const { directory } = clone();
    const borrowing = temporaryDirectory();
    git(borrowing, 'clone', '--quiet', '--shared', directory, '.');
    git(borrowing, 'update-index', '--split-index');
    write(borrowing, { 'b.txt': 'b\n' });

    expect((await judgedFiles(await open(borrowing, { target: 'HEAD' })))['b.txt']).toBe('b\n');
  });

  test('submodule — with a commit of its own — keeps its entry', async () => {
    const { directory, remote, tip } = clone();
    git(
      directory,
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      `file://${remote}`,
      'module',
    );
    const { snapshot } = await open(directory);

    const entries = await snapshot.trees.list(snapshot.head.tree, signal);
    expect(entries.find((entry) => entry.path === 'module')).toMatchObject({ mode: '160000', oid: tip });
  });
});

describe('nothing of the repository is touched or run', () => {
  test('index, objects and refs — before and after — are the same bytes', async () => {
    const { directory } = clone();
    write(directory, { 'a.txt': 'changed\n', 'new.txt': 'new\n' });
    git(directory, 'add', 'new.txt');
    const temporary = temporaryDirectory();
    const before = picture(directory);
    const copy = await open(directory, { temporary });
    await judgedFiles(copy);
    await copy.close();

    expect(picture(directory)).toBe(before);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('hooks, filters, fsmonitor, merge drivers — configured here — are not started', async () => {
    const { directory, remote } = clone();
    const marker = join(temporaryDirectory(), 'ran');
    commit(directory, {
      '.gitattributes': '*.txt filter=evil merge=evil diff=evil\n',
      'both.txt': 'x\n1\n2\n3\n4\n5\n',
    });
    git(remote, 'pull', '--quiet', '--no-rebase', '--no-edit', directory, 'feature');
    commit(remote, { 'both.txt': 'theirs\n1\n2\n3\n4\n5\n' });
    git(directory, 'fetch', '--quiet');
    const touch = `touch ${marker} #`;
    for (const key of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'merge.evil.driver',
      'diff.evil.command',
      'core.fsmonitor',
    ]) {
      git(directory, 'config', key, touch);
    }
    mkdirSync(join(directory, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit', 'fsmonitor-watchman']) {
      write(directory, { [`.git/hooks/${hook}`]: `#!/bin/sh\ntouch ${marker}\n` });
      chmodSync(join(directory, '.git/hooks', hook), 0o755);
    }
    write(directory, { 'both.txt': 'x\n1\n2\n3\n4\nmine\n' });
    const copy = await open(directory);

    expect((await judgedFiles(copy))['both.txt']).toBe('theirs\n1\n2\n3\n4\nmine\n');
    expect(readdirSync(join(marker, '..'))).toEqual([]);
  });

  test('called from a hook — GIT_DIR and GIT_INDEX_FILE point elsewhere — reads the directory that was named', async () => {
    const { directory } = clone();
    const environment = {
      ...path,
      GIT_DIR: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_WORK_TREE: '/',
    };
    const copy = await open(directory, { environment });

    expect(Object.keys(await judgedFiles(copy))).toContain('feature.txt');
  });
});

describe('the target', () => {
  test('no remote — nothing to merge into — says how to name one', async () => {
    const directory = newRepository();
    commit(directory, { a: 'a' });
    await expect(open(directory)).rejects.toMatchObject({
      code: 'no-target',
      remedy: expect.stringContaining('--target'),
    });
  });

  test('no remote default, but an upstream — takes the upstream', async () => {
    const { directory, tip } = clone('--origin=corp');
    git(directory, 'branch', '--set-upstream-to=corp/main');
    expect((await open(directory)).reading.target).toMatchObject({ name: 'corp/main', sha: tip });
  });

  test('a clone of one branch, which tracks itself — is not judged against itself', async () => {
    const { directory: origin } = clone();
    git(origin, 'checkout', '--quiet', 'main');
    const directory = temporaryDirectory();
    git(directory, 'clone', '--quiet', '--depth=1', '--branch=feature', `file://${origin}`, '.');

    await expect(open(directory)).rejects.toMatchObject({
      code: 'no-target',
      remedy: expect.stringContaining('git fetch origin'),
    });
  });

  test('a merge of the target is under way and resolved — is no conflict any more', async () => {
    const { directory } = clone();
    commit(directory, { 'main.txt': 'mine\n' }, 'the same file');
    expect((await open(directory)).snapshot.judged.kind).toBe('conflict');

    expect(() => git(directory, 'merge', '--quiet', 'origin/main')).toThrow(/merge/i);
    git(directory, 'checkout', '--quiet', '--ours', 'main.txt');
    git(directory, 'add', 'main.txt');

    expect((await open(directory)).snapshot.judged.kind).toBe('merge-result');
  });

  test.each([
    ['merge', ['origin/main']],
    ['rebase', ['origin/main']],
    ['cherry-pick', ['origin/main']],
  ])('a %s stopped, nobody has resolved it — is a conflict in those files', async (command, args) => {
    const { directory, remote } = clone();
    commit(directory, { 'main.txt': 'mine\n', 'a.txt': 'mine\n' }, 'the same files');
    commit(remote, { 'a.txt': undefined, 'main.txt': 'theirs\n' }, 'theirs');
    git(directory, 'fetch', '--quiet');
    expect(() => git(directory, command, ...args)).toThrow(/Command failed/);
    const before = picture(join(directory, '.git'));
    const copy = await open(directory);

    const { judged } = copy.snapshot;
    expect(judged).toMatchObject({ kind: 'conflict' });
    expect(judged.kind === 'conflict' && judged.conflicts).toEqual(
      expect.arrayContaining([
        {
          path: 'a.txt',
          message: 'One side changed the file, the other deleted it.',
          unresolved: true,
        },
      ]),
    );
    expect(judged.kind === 'conflict' && judged.conflicts.map((conflict) => conflict.path)).toContain(
      'main.txt',
    );
    expect(copy.snapshot.head.commit).toBeUndefined();
    expect(picture(join(directory, '.git'))).toBe(before);
    git(directory, 'add', '--all');
    expect(JSON.stringify((await open(directory)).snapshot.judged)).not.toContain('unresolved');
  });

  test('a merge that stopped — --committed — judges HEAD, which conflicts with the target', async () => {
    const { directory } = clone();
    commit(directory, { 'main.txt': 'mine\n' }, 'the same file');
    expect(() => git(directory, 'merge', 'origin/main')).toThrow(/Command failed/);
    const { judged } = (await open(directory, { committed: true })).snapshot;
    expect(judged).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'main.txt' }] });
  });

  test.each([
    ['main', 'main'],
    ['origin/main', 'origin/main'],
    ['HEAD~1', 'HEAD~1'],
  ])('--target %s — is taken as git takes it', async (target, name) => {
    const { directory } = clone();
    expect((await open(directory, { target })).reading.target.name).toBe(name);
  });

  test('--target with a branch that is only on the remote — is found there', async () => {
    const { directory, remote } = clone();
    git(remote, 'branch', 'release');
    git(directory, 'fetch', '--quiet');
    expect((await open(directory, { target: 'release' })).reading.target.name).toBe('origin/release');
  });

  test.each(['nowhere', '-x', '--all', ''])('--target %j — names nothing — says so', async (target) => {
    const { directory } = clone();
    await expect(open(directory, { target })).rejects.toMatchObject({
      code: 'no-target',
      message: expect.stringContaining(JSON.stringify(target)),
    });
  });

  test('outside of a repository — git’s own reason is told', async () => {
    await expect(open(temporaryDirectory())).rejects.toMatchObject({
      code: 'not-a-repository',
      message: expect.stringContaining('not a git repository'),
    });
  });
});
