import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMirrors, defaultMirrorLimits } from '../../../src/adapters/git/mirror.ts';
import type { MirrorsConfig } from '../../../src/adapters/git/mirror.ts';
import { toOid } from '../../../src/adapters/git/oid.ts';
import type { Sha } from '../../../src/domain/repository.ts';
import { RetryableError, UserError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import {
  commit,
  git,
  headOf,
  impatientClock,
  keepingLog,
  newRepository,
  path,
  serve,
  sha,
  temporaryDirectory,
  write,
} from './repositories.ts';

const repository = { host: 'corp', id: '7', path: 'ml/model' };
const signal = new AbortController().signal;
const authorization = `Basic ${Buffer.from('oauth2:glpat-secret-token').toString('base64')}`;

function mirrorsOf(url: string, more: Partial<MirrorsConfig> = {}) {
  const config: MirrorsConfig = {
    directory: temporaryDirectory(),
    access: () => ({ url, authorization: url.startsWith('http') ? authorization : undefined }),
    limits: defaultMirrorLimits,
    log: keepingLog(),
    clock: impatientClock(),
    environment: path,
    ...more,
  };
  return { ...config, ...createMirrors(config) };
}

function wantedOf(head: Sha, headRef = 'refs/heads/feature', targetBranch = 'main') {
  return { repository, targetBranch, head, headRef };
}

/** `main` and `feature` on top of it, both with a change of their own. */
function twoBranches() {
  const directory = newRepository();
  const root = commit(directory, { 'a.txt': 'one\n', 'dir/b.txt': 'b\n', 'gone.txt': 'x\n' });
  git(directory, 'checkout', '--quiet', '-b', 'feature');
  const head = commit(directory, { 'feature.txt': 'feature\n', 'gone.txt': undefined });
  git(directory, 'checkout', '--quiet', 'main');
  const base = commit(directory, { 'main.txt': 'main\n' });
  return { directory, root, head, base };
}

describe('a snapshot of a change', () => {
  test('clean merge — both sides changed other files — judges the tree that a merge would make', async () => {
    const { directory, base, head } = twoBranches();
    const { url } = await serve(directory);
    const mirrors = mirrorsOf(url);

    const snapshot = await mirrors.take(wantedOf(head), signal);

    expect(snapshot.base.commit).toBe(base);
    expect(snapshot.head.commit).toBe(head);
    if (snapshot.judged.kind !== 'merge-result') throw new Error(snapshot.judged.kind);
    const files = await snapshot.trees.list(snapshot.judged.tree, signal);
    expect(files.map((file) => file.path)).toEqual(['a.txt', 'dir/b.txt', 'feature.txt', 'main.txt']);
    const changes = await snapshot.trees.changes(snapshot.base.tree, snapshot.judged.tree, signal);
    expect(changes.map(({ path, before, after }) => [path, before?.mode, after?.mode])).toEqual([
      ['feature.txt', undefined, '100644'],
      ['gone.txt', '100644', undefined],
    ]);
  });

  test('conflict — both sides changed a file — names the file and says what git says', async () => {
    const { directory, head } = twoBranches();
    commit(directory, { 'feature.txt': 'another\n' });

    const { judged } = await mirrorsOf((await serve(directory)).url).take(wantedOf(head), signal);

    expect(judged).toEqual({
      kind: 'conflict',
      conflicts: [{ path: 'feature.txt', message: expect.stringContaining('Merge conflict in feature.txt') }],
    });
  });

  test('conflict — a file was changed here and deleted there — names the file', async () => {
    const { directory, head } = twoBranches();
    commit(directory, { 'gone.txt': 'changed\n' });

    const { judged } = await mirrorsOf((await serve(directory)).url).take(wantedOf(head), signal);

    expect(judged.kind === 'conflict' && judged.conflicts.map((conflict) => conflict.path)).toEqual([
      'gone.txt',
    ]);
  });

  test('rename — moved here, edited there — merges into the new name', async () => {
    const directory = newRepository();
    const text = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
    commit(directory, { 'old.txt': text });
    git(directory, 'checkout', '--quiet', '-b', 'feature');
    const head = commit(directory, { 'old.txt': undefined, 'new.txt': text });
    git(directory, 'checkout', '--quiet', 'main');
    commit(directory, { 'old.txt': `${text}more\n` });

    const { judged, trees } = await mirrorsOf((await serve(directory)).url).take(wantedOf(head), signal);

    const [file, ...others] = judged.kind === 'merge-result' ? await trees.list(judged.tree, signal) : [];
    expect([file?.path, others]).toEqual(['new.txt', []]);
    const blobs = await trees.read([file!.oid], 10_000, signal);
    expect(blobs.get(file!.oid)).toEqual({ kind: 'bytes', bytes: Buffer.from(`${text}more\n`) });
  });

  test('unrelated histories — no common commit — are a conflict of the whole change', async () => {
    const { directory } = twoBranches();
    git(directory, 'checkout', '--quiet', '--orphan', 'feature2');
    const head = commit(directory, { 'x.txt': 'x' });

    const { judged } = await mirrorsOf((await serve(directory)).url).take(
      wantedOf(head, 'refs/heads/feature2'),
      signal,
    );

    expect(judged).toMatchObject({ kind: 'conflict', conflicts: [{ path: '' }] });
  });

  test('sha256 — longer ids — are mirrored alike', async () => {
    const directory = newRepository('--object-format=sha256');
    commit(directory, { 'a.txt': 'a\n' });
    git(directory, 'checkout', '--quiet', '-b', 'feature');
    const head = commit(directory, { 'b.txt': 'b\n' });

    const { judged } = await mirrorsOf((await serve(directory)).url).take(wantedOf(head), signal);

    expect(judged).toEqual({ kind: 'merge-result', tree: git(directory, 'rev-parse', 'HEAD^{tree}') });
  });

  test('a repository that the configuration does not name — is an error before any request', async () => {
    const taken = mirrorsOf('', { access: () => undefined }).take(wantedOf(sha('ab')), signal);
    await expect(taken).rejects.toMatchObject({ code: 'repository-not-configured' });
  });

  test('submodule and symlink — listed with their modes — are not followed', async () => {
    const { directory, root } = twoBranches();
    git(directory, 'checkout', '--quiet', '-b', 'odd', root);
    git(directory, 'update-index', '--add', '--cacheinfo', `160000,${root},module`);
    git(directory, 'commit', '--quiet', '--message', 'module');
    const link = git(directory, 'hash-object', '-w', 'a.txt');
    git(directory, 'update-index', '--add', '--cacheinfo', `120000,${link},link`);
    git(directory, 'commit', '--quiet', '--message', 'link');
    const head = headOf(directory);

    const { head: side, trees } = await mirrorsOf((await serve(directory)).url).take(
      wantedOf(head, 'refs/heads/odd'),
      signal,
    );

    const entries = await trees.list(side.tree, signal);
    expect(entries.map((entry) => `${entry.mode} ${entry.path}`)).toContain('120000 link');
    const module = entries.find((entry) => entry.mode === '160000');
    expect(module).toMatchObject({ path: 'module', oid: root });
  });
});

describe('reading blobs', () => {
  test('a partial clone — 40 files — arrive in one request and one pack', async () => {
    const directory = newRepository();
    const names = Array.from({ length: 40 }, (_, index) => `data/${index}.dvc`);
    commit(directory, Object.fromEntries(names.map((name) => [name, `file ${name}\n`])));
    git(directory, 'checkout', '--quiet', '-b', 'feature');
    const head = commit(directory, { 'other.txt': 'x' });
    const { url, requests } = await serve(directory);
    const mirrors = mirrorsOf(url);
    const { trees, head: side } = await mirrors.take(wantedOf(head), signal);
    const entries = await trees.list(side.tree, signal);
    requests.length = 0;

    const blobs = await trees.read(
      entries.map((entry) => entry.oid),
      1000,
      signal,
    );

    expect(blobs.size).toBe(41);
    expect([...blobs.values()].every((blob) => blob.kind === 'bytes')).toBe(true);
    // Smart HTTP: the greeting, the list of refs where the server asks for it, the pack.
    expect(requests.filter((request) => request.startsWith('POST')).length).toBeLessThanOrEqual(2);
    const packs = readdirSync(join(mirrors.directory, 'corp-7.git/objects/pack'));
    expect(packs.filter((name) => name.endsWith('.pack')).length).toBe(2);
    requests.length = 0;
    await trees.read(
      entries.map((entry) => entry.oid),
      1000,
      signal,
    );
    expect(requests).toEqual([]);
  });

  test('sizes — over the bound, unknown to the remote — are told apart from contents', async () => {
    const { directory, head } = twoBranches();
    const { trees, head: side } = await mirrorsOf(`file://${directory}`).take(wantedOf(head), signal);
    const [a, b] = await trees.list(side.tree, signal);
    const blobs = await trees.read([a!.oid, b!.oid, b!.oid], 3, signal);

    expect(blobs).toEqual(
      new Map([
        [a!.oid, { kind: 'too-large', size: 4 }],
        [b!.oid, { kind: 'bytes', bytes: Buffer.from('b\n') }],
      ]),
    );
    await expect(trees.read([toOid('0123'.repeat(10))], 3, signal)).rejects.toThrow(RetryableError);
    expect(await trees.read([], 3, signal)).toEqual(new Map());
  });

  test(
    'ten thousand metafiles — listed, compared and read — within seconds',
    { timeout: 60_000 },
    async () => {
      const directory = newRepository();
      const files = Object.fromEntries(
        Array.from({ length: 10_100 }, (_, index) => [
          `data/${index % 100}/${index}.dvc`,
          `outs:\n- md5: ${index}\n  path: ${index}\n`,
        ]),
      );
      commit(directory, files);
      git(directory, 'checkout', '--quiet', '-b', 'feature');
      const head = commit(directory, { 'data/1/1.dvc': 'changed\n' });
      const mirrors = mirrorsOf((await serve(directory)).url);
      const started = performance.now();

      const { trees, judged, base } = await mirrors.take(wantedOf(head), signal);
      const tree = judged.kind === 'merge-result' ? judged.tree : base.tree;
      const taken = performance.now();
      const entries = await trees.list(tree, signal);
      const changes = await trees.changes(base.tree, tree, signal);
      const listed = performance.now();
      const blobs = await trees.read(
        entries.map((entry) => entry.oid),
        1000,
        signal,
      );
      const read = performance.now();

      expect([entries.length, changes.length, blobs.size]).toEqual([10_100, 1, 10_100]);
      console.info(
        `10,100 files: take ${Math.round(taken - started)} ms, list ${Math.round(listed - taken)} ms, read ${Math.round(read - listed)} ms`,
      );
      expect(read - started).toBeLessThan(30_000);
    },
  );
});

describe('the refs of a mirror', () => {
  const refsOf = (mirror: string) => git(mirror, 'for-each-ref', '--format=%(refname)').split('\n');

  test('a change pushed by force again and again — one head and one target are kept', async () => {
    const { directory } = twoBranches();
    const mirrors = mirrorsOf(`file://${directory}`);
    git(directory, 'checkout', '--quiet', 'feature');
    for (let index = 0; index < 30; index += 1) {
      write(directory, { 'feature.txt': `${index}\n` });
      git(directory, 'commit', '--quiet', '--all', '--amend', '--message', `${index}`);
      const head = headOf(directory);
      expect((await mirrors.take(wantedOf(head), signal)).head.commit).toBe(head);
    }
    expect(refsOf(join(mirrors.directory, 'corp-7.git'))).toHaveLength(2);
  });

  test('many changes into many branches — a bounded number, and the first snapshot can still be read', async () => {
    const { directory, head } = twoBranches();
    const mirrors = mirrorsOf(`file://${directory}`);
    const first = await mirrors.take(wantedOf(head), signal);
    for (let index = 0; index < 40; index += 1) {
      git(directory, 'checkout', '--quiet', '-B', `change-${index}`, 'main');
      const next = commit(directory, { 'next.txt': `${index}\n` });
      git(directory, 'branch', `release-${index}`, 'main');
      const wanted = wantedOf(next, `refs/heads/change-${index}`, `release-${index}`);
      expect((await mirrors.take(wanted, signal)).head.commit).toBe(next);
    }

    const mirror = join(mirrors.directory, 'corp-7.git');
    expect(refsOf(mirror).length).toBeLessThanOrEqual(32);
    const promisor = ['-c', 'remote.origin.promisor=true', '-c', `remote.origin.url=file://${directory}`];
    git(mirror, ...promisor, 'gc', '--quiet');
    const [file] = await first.trees.list(first.head.tree, signal);
    expect((await first.trees.read([file!.oid], 100, signal)).get(file!.oid)?.kind).toBe('bytes');
  });
});

describe('a head that is hard to get', () => {
  test('force-pushed away — the server still has the commit — is fetched by its id', async () => {
    const { directory, head } = twoBranches();
    git(directory, 'branch', '--force', 'feature', 'main');

    const snapshot = await mirrorsOf((await serve(directory)).url).take(wantedOf(head), signal);

    expect(snapshot.head.commit).toBe(head);
  });

  test('the ref lags behind — the commit is unknown — is looked for again, then left to a later try', async () => {
    const { directory } = twoBranches();
    const clock = impatientClock();
    const missing = sha('ab');

    const taken = mirrorsOf((await serve(directory)).url, { clock }).take(wantedOf(missing), signal);

    await expect(taken).rejects.toThrow(RetryableError);
    expect(clock.waits.filter((wait) => wait !== 1000).slice(-2)).toEqual([2000, 4000]);
  });

  test('the ref appears while we wait — ref lag after the webhook — succeeds', async () => {
    const { directory } = twoBranches();
    const laptop = temporaryDirectory();
    git(laptop, 'clone', '--quiet', directory, '.');
    const late = commit(laptop, { 'late.txt': 'late' });
    const clock = impatientClock();
    const sleep: Clock['sleep'] = async (wait, stop) => {
      if (wait === 2000) git(directory, 'fetch', '--quiet', laptop, `+${late}:refs/merge-requests/1/head`);
      await clock.sleep(wait, stop);
    };
    const { url } = await serve(directory);

    const mirrors = mirrorsOf(url, { clock: { ...clock, sleep } });
    const snapshot = await mirrors.take(wantedOf(late, 'refs/merge-requests/1/head'), signal);

    expect(snapshot.head.commit).toBe(late);
    expect(clock.waits).toContain(2000);
    expect(clock.waits).not.toContain(4000);
  });

  test('ref and commit are gone — after looking again — is an error that says so', async () => {
    const { directory } = twoBranches();
    const taken = mirrorsOf((await serve(directory)).url).take(
      wantedOf(sha('cd'), 'refs/merge-requests/9/head'),
      signal,
    );

    await expect(taken).rejects.toMatchObject({ name: 'UserError', code: 'head-gone' });
  });

  test('the target branch is gone — names the branch', async () => {
    const { directory, head } = twoBranches();
    const taken = mirrorsOf((await serve(directory)).url).take(
      wantedOf(head, 'refs/heads/feature', 'release'),
      signal,
    );

    await expect(taken).rejects.toMatchObject({
      code: 'target-gone',
      message: expect.stringContaining('release'),
    });
  });
});

describe('keeping the token', () => {
  test('a refusing host — 401 — no part of the token is in the error, and it was sent in the header', async () => {
    const { directory, head } = twoBranches();
    const { url, headers } = await serve(directory, (access) =>
      access.token === 'glpat-secret-token' ? 'forbidden' : 'unauthenticated',
    );

    const error = await mirrorsOf(url)
      .take(wantedOf(head), signal)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );

    expect(error).toBeInstanceOf(RetryableError);
    const shown = `${error instanceof Error ? error.stack : ''} ${JSON.stringify(error)}`;
    expect(shown).not.toContain('glpat');
    expect(shown).not.toContain(authorization.slice(6));
    expect(headers.some((header) => header.includes(authorization))).toBe(true);
  });

  test('running processes — while git fetches — no argument list holds the token, and no file does', async () => {
    const { directory, head } = twoBranches();
    const seen: string[] = [];
    const { url } = await serve(directory, () => {
      seen.push(...commandLines());
      return 'granted';
    });
    const mirrors = mirrorsOf(url);
    await mirrors.take(wantedOf(head), signal);

    expect(seen.some((line) => line.includes('fetch'))).toBe(true);
    expect(seen.filter((line) => /glpat|Basic |b2F1dGgy/.test(line))).toEqual([]);
    expect(readFileSync(join(mirrors.directory, 'corp-7.git/config'), 'utf8')).not.toMatch(
      /glpat|Basic|http/,
    );
  });

  test('a url with a password — in the configuration — is refused before git sees it', async () => {
    const taken = mirrorsOf('https://user:pass@example.com/x.git').take(wantedOf(sha('ab')), signal);
    await expect(taken).rejects.toThrow('must not carry credentials');
  });
});

describe('the cache', () => {
  test('a corrupt mirror — packs overwritten — is thrown away and made again', async () => {
    const { directory, head } = twoBranches();
    const log = keepingLog();
    const mirrors = mirrorsOf((await serve(directory)).url, { log });
    await mirrors.take(wantedOf(head), signal);
    const packs = join(mirrors.directory, 'corp-7.git/objects/pack');
    for (const name of readdirSync(packs)) {
      rmSync(join(packs, name));
      writeFileSync(join(packs, name), 'garbage');
    }

    const snapshot = await mirrors.take(wantedOf(head), signal);

    expect(snapshot.judged.kind).toBe('merge-result');
    expect(log.lines.join('\n')).toContain('made again');
  });

  test('the network goes while files are merged — the mirror stays, and a later try succeeds', async () => {
    const directory = newRepository();
    const lines = Array.from({ length: 30 }, (_, line) => `line ${line}\n`);
    commit(directory, { 'both.txt': lines.join('') });
    git(directory, 'checkout', '--quiet', '-b', 'feature');
    const head = commit(directory, { 'both.txt': ['first\n', ...lines].join('') });
    git(directory, 'checkout', '--quiet', 'main');
    commit(directory, { 'both.txt': [...lines, 'last\n'].join('') });
    let away = true;
    const log = keepingLog();
    const cache = temporaryDirectory();
    // Once both sides are here, nothing more is to be had: the merge asks for the file's three versions.
    const fetched = (): boolean => existsSync(join(cache, 'corp-7.git/refs/gate/head'));
    const { url } = await serve(directory, () => (away && fetched() ? 'unauthenticated' : 'granted'));
    const mirrors = mirrorsOf(url, { log, directory: cache });

    await expect(mirrors.take(wantedOf(head), signal)).rejects.toThrow(RetryableError);
    const kept = statSync(join(cache, 'corp-7.git/HEAD')).ino;
    away = false;
    const { judged } = await mirrors.take(wantedOf(head), signal);

    expect(judged.kind).toBe('merge-result');
    expect(statSync(join(cache, 'corp-7.git/HEAD')).ino).toBe(kept);
    expect(log.lines.join('\n')).not.toContain('made again');
  });

  test('a lock that was left behind — fails again and again — the mirror is made again', async () => {
    const { directory, head } = twoBranches();
    const mirrors = mirrorsOf((await serve(directory)).url);
    await mirrors.take(wantedOf(head), signal);
    commit(directory, { 'more.txt': 'more' });
    for (const name of readdirSync(join(mirrors.directory, 'corp-7.git/refs/gate/base')))
      writeFileSync(join(mirrors.directory, 'corp-7.git/refs/gate/base', `${name}.lock`), '');

    for (const _try of [1, 2])
      await expect(mirrors.take(wantedOf(head), signal)).rejects.toThrow(RetryableError);
    expect((await mirrors.take(wantedOf(head), signal)).judged.kind).toBe('merge-result');
  });

  test('one repository — five snapshots at once — are made one after the other', async () => {
    const { directory, head } = twoBranches();
    const mirrors = mirrorsOf((await serve(directory)).url);
    const snapshots = await Promise.all(
      Array.from({ length: 5 }, () => mirrors.take(wantedOf(head), signal)),
    );

    expect(new Set(snapshots.map((snapshot) => JSON.stringify(snapshot.judged))).size).toBe(1);
  });

  test('disk bound — a second repository arrives — the one unused for longest goes', async () => {
    const { directory, head } = twoBranches();
    const clock = impatientClock();
    const limits = { ...defaultMirrorLimits, diskBytes: 1 };
    const mirrors = mirrorsOf((await serve(directory)).url, { clock, limits });
    await mirrors.take(wantedOf(head), signal);
    clock.pass(limits.inUseMs + 1);
    await mirrors.take({ ...wantedOf(head), repository: { ...repository, id: '8' } }, signal);

    expect(readdirSync(mirrors.directory)).toEqual(['corp-8.git']);
  });

  test('a mirror that outgrows its bound — is removed, and the error says what to do', async () => {
    const { directory, head } = twoBranches();
    const limits = { ...defaultMirrorLimits, repositoryBytes: 10 };
    const mirrors = mirrorsOf((await serve(directory)).url, { limits });

    await expect(mirrors.take(wantedOf(head), signal)).rejects.toThrow(UserError);
    expect(readdirSync(mirrors.directory)).toEqual([]);
  });

  test('abort — while the server does not answer — ends at once with the reason', async () => {
    const { directory, head } = twoBranches();
    const controller = new AbortController();
    const { url } = await serve(directory, () => {
      controller.abort(new Error('superseded'));
      return 'granted';
    });

    await expect(mirrorsOf(url).take(wantedOf(head), controller.signal)).rejects.toThrow('superseded');
  });

  test('branch names — one inside the other, one by one — do not get in each other’s way', async () => {
    const { directory, head } = twoBranches();
    const mirrors = mirrorsOf((await serve(directory)).url);
    git(directory, 'branch', 'a', 'main');
    await mirrors.take(wantedOf(head, 'refs/heads/feature', 'a'), signal);
    git(directory, 'branch', '--delete', '--force', 'a');
    git(directory, 'branch', 'a/b', 'main');

    expect((await mirrors.take(wantedOf(head, 'refs/heads/feature', 'a/b'), signal)).judged.kind).toBe(
      'merge-result',
    );
  });

  test.each(['a b', '-x', 'a:b', 'a..b', 'a*', ''])(
    'branch name %j — not a name of git — is refused',
    async (branch) => {
      const { directory, head } = twoBranches();
      const taken = mirrorsOf(`file://${directory}`).take(
        wantedOf(head, 'refs/heads/feature', branch),
        signal,
      );
      await expect(taken).rejects.toMatchObject({ code: 'bad-ref' });
    },
  );
});

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
