import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createMirrors, defaultMirrorLimits } from '../../../src/adapters/git/mirror.ts';
import { toCommit } from '../../../src/adapters/git/oid.ts';
import type { Sha } from '../../../src/domain/repository.ts';
import { RetryableError, UserError } from '../../../src/errors.ts';
import {
  commit,
  git,
  headOf,
  impatientClock,
  keepingLog,
  newRepository,
  path as environment,
  serve,
  sha,
  temporaryDirectory,
} from './repositories.ts';

const repository = { host: 'corp', id: '7', path: 'ml/model' };
const signal = new AbortController().signal;

async function mirrorsOf(directory: string) {
  const { url } = await serve(directory);
  return createMirrors({
    directory: temporaryDirectory(),
    access: () => ({ url, authorization: undefined }),
    limits: defaultMirrorLimits,
    log: keepingLog(),
    clock: impatientClock(),
    environment,
  });
}

type Mirrors = Awaited<ReturnType<typeof mirrorsOf>>;

async function tipOf(mirrors: Mirrors, head: Sha, since: Sha | undefined) {
  const headRef = 'refs/heads/main';
  const wanted = { repository, targetBranch: 'main', head, headRef, alone: { since } };
  const { base, judged, trees, ...rest } = await mirrors.take(wanted, signal);
  if (judged.kind !== 'merge-result') throw new Error(judged.kind);
  const changes = await trees.changes(base.tree, judged.tree, signal);
  return { ...rest, base, judged, trees, changed: changes.map(({ path }) => path) };
}

/** Git with bytes for its input. */
function gitWith(directory: string, input: Buffer, ...args: string[]): string {
  return execFileSync('git', args, { cwd: directory, input, env: environment }).toString().trim();
}

/** A commit whose message is bytes as they are, on `main`. */
function commitBytes(directory: string, file: string, message: Buffer): Sha {
  commit(directory, { [file]: message.toString('hex').slice(0, 100) });
  const [head = ''] = git(directory, 'cat-file', 'commit', 'HEAD').split('\n\n', 1);
  const object = Buffer.concat([Buffer.from(`${head}\n\n`), message]);
  const made = gitWith(directory, object, 'hash-object', '-t', 'commit', '-w', '--stdin');
  git(directory, 'update-ref', 'refs/heads/main', made);
  return toCommit(made);
}

/** Commits on `main`, each with the file as another one. */
function commitMany(directory: string, file: string, count: number): void {
  const one = (index: number): string =>
    `commit refs/heads/main\ncommitter A <a@example.com> ${1_800_000_000 + index} +0000\ndata 1\nx\n` +
    (index === 0 ? 'from refs/heads/main^0\n' : '') +
    `M 100644 inline ${file}\ndata 3\n${String(index).padStart(3, '0')}\n`;
  const stream = Array.from({ length: count }, (_, index) => one(index)).join('\n');
  gitWith(directory, Buffer.from(`${stream}\ndone\n`), 'fast-import', '--quiet', '--done');
}

describe.each([
  ['SHA-1', []],
  ['SHA-256', ['--object-format=sha256']],
])('the tip of a branch, %s', (_, options) => {
  test('judged since a commit of its history — what came after it is the change', async () => {
    const directory = newRepository(...options);
    const since = commit(directory, { 'a.txt': '1' });
    commit(directory, { 'b.txt': '2' });
    const head = commit(directory, { 'c.txt': '3' });

    const snapshot = await tipOf(await mirrorsOf(directory), head, since);

    expect(snapshot).toMatchObject({ alone: true, base: { commit: since }, head: { commit: head } });
    expect(snapshot.judged.tree).toBe(snapshot.head.tree);
    expect(snapshot.changed).toEqual(['b.txt', 'c.txt']);
  });

  test('since nothing — everything is new', async () => {
    const directory = newRepository(...options);
    const head = commit(directory, { 'a.txt': '1', 'dir/b.txt': '2' });

    const snapshot = await tipOf(await mirrorsOf(directory), head, undefined);

    expect(snapshot.base.commit).toBe(head);
    expect(await snapshot.trees.list(snapshot.base.tree, signal)).toEqual([]);
    expect(snapshot.changed).toEqual(['a.txt', 'dir/b.txt']);
  });
});

describe('the tip of a branch', () => {
  test('since itself — nothing is new', async () => {
    const directory = newRepository();
    const head = commit(directory, { 'a.txt': '1' });

    expect((await tipOf(await mirrorsOf(directory), head, head)).changed).toEqual([]);
  });

  test('rewound behind what was released — everything is new, although the mirror still holds that', async () => {
    const directory = newRepository();
    const head = commit(directory, { 'a.txt': '1' });
    const released = commit(directory, { 'b.txt': '2' });
    const mirrors = await mirrorsOf(directory);
    expect((await tipOf(mirrors, released, head)).changed).toEqual(['b.txt']);
    git(directory, 'reset', '--quiet', '--hard', head);

    const snapshot = await tipOf(mirrors, head, released);

    expect(snapshot.base.commit).toBe(head);
    expect(snapshot.changed).toEqual(['a.txt']);
  });

  test.each([
    ['of nobody', sha('ab')],
    ['of another object format', toCommit('ab'.repeat(32))],
  ])('since a commit %s — everything is new', async (_, since) => {
    const directory = newRepository();
    const head = commit(directory, { 'a.txt': '1' });

    expect((await tipOf(await mirrorsOf(directory), head, since)).changed).toEqual(['a.txt']);
  });
});

describe('the history of a branch', () => {
  const read = async (mirrors: Mirrors, tip: Sha, branch = 'main') =>
    mirrors.history({ repository, branch, commit: tip }, signal);

  test('no such branch — is told to people', async () => {
    const directory = newRepository();
    const head = commit(directory, { 'a.txt': '1' });
    const asked = read(await mirrorsOf(directory), head, 'gone');

    await expect(asked).rejects.toMatchObject({ code: 'target-gone' });
    await expect(asked).rejects.toBeInstanceOf(UserError);
  });

  test('a commit that nobody has — may come later', async () => {
    const directory = newRepository();
    commit(directory, { 'a.txt': '1' });

    await expect(read(await mirrorsOf(directory), sha('ab'))).rejects.toBeInstanceOf(RetryableError);
  });

  test.each([
    ['SHA-1', []],
    ['SHA-256', ['--object-format=sha256']],
  ])('%s — holds the commits of the branch and their trees, and no others', async (_, options) => {
    const directory = newRepository(...options);
    const root = commit(directory, { 'a.txt': '1' });
    git(directory, 'checkout', '--quiet', '-b', 'side');
    const side = commit(directory, { 'side.txt': '1' });
    git(directory, 'checkout', '--quiet', 'main');
    const tip = commit(directory, { 'a.txt': '2' });
    const mirrors = await mirrorsOf(directory);
    await read(mirrors, side, 'side');

    const history = await read(mirrors, tip);

    const tree = await history.treeOf(root, signal);
    if (tree === undefined) throw new Error('no tree');
    const [file] = await history.trees.list(tree, signal);
    const blobs = await history.trees.read(file === undefined ? [] : [file.oid], 100, signal);
    expect([...blobs.values()]).toEqual([{ kind: 'bytes', bytes: Buffer.from('1') }]);
    expect(await history.treeOf(side, signal)).toBeUndefined();
    expect(await history.treeOf(sha('ab'), signal)).toBeUndefined();
    expect(await history.isAncestor(root, tip, signal)).toBe(true);
    expect(await history.isAncestor(tip, tip, signal)).toBe(true);
    expect(await history.isAncestor(tip, root, signal)).toBe(false);
    expect(await history.isAncestor(side, tip, signal)).toBe(false);
    expect(await history.isAncestor(sha('ab'), tip, signal)).toBe(false);
  });

  test('rewound — what was thrown away is none of it', async () => {
    const directory = newRepository();
    const root = commit(directory, { 'a.txt': '1' });
    const away = commit(directory, { 'a.txt': '2' });
    const mirrors = await mirrorsOf(directory);
    await read(mirrors, away);
    git(directory, 'reset', '--quiet', '--hard', root);
    const tip = commit(directory, { 'a.txt': '3' });

    const history = await read(mirrors, tip);

    expect(await history.treeOf(away, signal)).toBeUndefined();
    expect(await history.isAncestor(away, tip, signal)).toBe(false);
    expect(await history.touching('a.txt', { since: root, tip }, signal)).toMatchObject([{ sha: tip }]);
  });

  test('the commits that touch a file — newest first, of this file alone, at most a hundred', async () => {
    const directory = newRepository();
    const since = commit(directory, { 'model.dvc': '0', 'model.dvc.txt': '0' });
    const made = Array.from({ length: 3 }, (_, index) =>
      commit(directory, { 'model.dvc': `${index + 1}` }, `run ${index}\n\nTrailer: ${index}`),
    );
    commit(directory, { 'model.dvc.txt': '1', 'dir/model.dvc': '1', 'model*': '1' });
    const history = await read(await mirrorsOf(directory), headOf(directory));
    const tip = headOf(directory);

    const found = await history.touching('model.dvc', { since, tip }, signal);

    expect(found.map((one) => one.sha)).toEqual(made.toReversed());
    expect(found[0]?.message).toBe('run 2\n\nTrailer: 2\n');
    expect(await history.touching('model*', { since, tip }, signal)).toMatchObject([{ sha: tip }]);
    commitMany(directory, 'many.dvc', 110);
    const later = await read(await mirrorsOf(directory), headOf(directory));
    const range = { since, tip: headOf(directory) };
    expect(await later.touching('many.dvc', range, signal)).toHaveLength(100);
  });

  test.each(['', '/etc/passwd', '../a.txt', './a.txt', 'a//b', ':(glob)**', '--all', 'a\0b'])(
    'a path that no tree holds, %j — is touched by nothing',
    async (path) => {
      const directory = newRepository();
      const since = commit(directory, { 'a.txt': '1' });
      const tip = commit(directory, { 'a.txt': '2' });
      const history = await read(await mirrorsOf(directory), tip);

      expect(await history.touching(path, { since, tip }, signal)).toEqual([]);
    },
  );

  test('merged, squashed, rebased — the commit that made the file is found in each', async () => {
    const directory = newRepository();
    const since = commit(directory, { 'a.txt': '1' });
    git(directory, 'checkout', '--quiet', '-b', 'one');
    const merged = commit(directory, { 'model.dvc': '1' }, 'merged');
    git(directory, 'checkout', '--quiet', 'main');
    commit(directory, { 'b.txt': '1' });
    git(directory, 'merge', '--quiet', '--no-ff', '-m', 'merge one', 'one');
    git(directory, 'checkout', '--quiet', '-b', 'two');
    commit(directory, { 'model.dvc': '2' }, 'two a');
    commit(directory, { 'model.dvc': '3' }, 'two b');
    git(directory, 'checkout', '--quiet', 'main');
    git(directory, 'merge', '--quiet', '--squash', 'two');
    const squashed = commit(directory, {}, 'squashed');
    git(directory, 'checkout', '--quiet', '-b', 'three', 'HEAD~1');
    commit(directory, { 'c.txt': '1' });
    git(directory, 'rebase', '--quiet', 'main');
    const rebased = commit(directory, { 'model.dvc': '4' }, 'rebased');
    git(directory, 'checkout', '--quiet', 'main');
    git(directory, 'merge', '--quiet', '--ff-only', 'three');
    const tip = headOf(directory);

    const history = await read(await mirrorsOf(directory), tip);

    const found = await history.touching('model.dvc', { since, tip }, signal);
    expect(found.map((one) => one.sha)).toEqual([rebased, squashed, merged]);
    expect(await history.isAncestor(merged, tip, signal)).toBe(true);
  });

  test('what a merge threw away — is not found', async () => {
    const directory = newRepository();
    const since = commit(directory, { 'model.dvc': '1' });
    git(directory, 'checkout', '--quiet', '-b', 'side');
    commit(directory, { 'model.dvc': '2' });
    git(directory, 'checkout', '--quiet', 'main');
    commit(directory, { 'b.txt': '1' });
    git(directory, 'merge', '--quiet', '--strategy=ours', '-m', 'ours', 'side');
    const tip = headOf(directory);

    const history = await read(await mirrorsOf(directory), tip);

    expect(await history.touching('model.dvc', { since, tip }, signal)).toEqual([]);
  });

  test('a message of odd bytes — is text, and the next commit is read as well', async () => {
    const directory = newRepository();
    const since = commit(directory, { 'a.txt': '1' });
    const plain = commit(directory, { 'model.dvc': '1' }, 'Entraîné 🚂');
    const odd = commitBytes(directory, 'model.dvc', Buffer.from([0x72, 0xff, 0xfe, 0x0a, 0x1b, 0x5b]));
    const long = commitBytes(directory, 'model.dvc', Buffer.alloc(200_000, 'x'));
    const tip = headOf(directory);

    const history = await read(await mirrorsOf(directory), tip);
    const found = await history.touching('model.dvc', { since, tip }, signal);

    expect(found.map((one) => one.sha)).toEqual([long, odd, plain]);
    expect(found[0]?.message).toHaveLength(65_536);
    expect(found[1]?.message).toBe('r\ufffd\ufffd\n\u001b[');
    expect(found[2]?.message).toBe('Entraîné 🚂\n');
  });

  test('a range with a commit that is not there — has none', async () => {
    const directory = newRepository();
    const tip = commit(directory, { 'a.txt': '1' });
    const history = await read(await mirrorsOf(directory), tip);

    expect(await history.touching('a.txt', { since: sha('ab'), tip }, signal)).toEqual([]);
    expect(await history.touching('a.txt', { since: tip, tip: sha('ab') }, signal)).toEqual([]);
  });
});
