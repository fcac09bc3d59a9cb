import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openWorkingCopy } from '../../../src/adapters/git/working-copy.ts';
import { commit, git, newRepository, path, temporaryDirectory } from './repositories.ts';

const searchPath = process.env['PATH'] ?? '';

/** A git in front of the real one that knows no more than 2.30.2: no `merge-tree --write-tree`, no `--path-format`. */
function oldGit(): string {
  const directory = temporaryDirectory();
  const script = join(directory, 'git');
  writeFileSync(
    script,
    `#!/bin/sh
case " $* " in
  *' version '*) echo 'git version 2.30.2'; exit 0 ;;
  *' --write-tree '*) echo 'usage: git merge-tree <base-tree> <branch1> <branch2>' >&2; exit 129 ;;
  *' --path-format='*) echo '--path-format=absolute' ;;
esac
PATH='${searchPath}' exec git "$@"
`,
  );
  chmodSync(script, 0o755);
  return directory;
}

test.each(['.', 'deep/inside'])('git 2.30 — asked from %s — judges the head, and says so', async (where) => {
  const directory = newRepository();
  commit(directory, { 'deep/inside/a.txt': 'a\n' }, 'first');
  git(directory, 'checkout', '--quiet', '-b', 'feature');
  const head = commit(directory, { 'b.txt': 'b\n' }, 'second');
  const copy = await openWorkingCopy(join(directory, where), {
    target: 'main',
    committed: false,
    environment: { ...path, PATH: `${oldGit()}${delimiter}${searchPath}` },
    temporary: temporaryDirectory(),
    signal: new AbortController().signal,
  });
  onTestFinished(() => copy.close());

  expect(copy.snapshot.judged).toMatchObject({
    kind: 'head',
    tree: git(directory, 'rev-parse', `${head}^{tree}`).trim(),
  });
  expect(copy.reading.notMerged).toBe('git is older than 2.38 and cannot merge without a checkout');
});
