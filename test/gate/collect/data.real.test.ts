import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openWorkingCopy } from '../../../src/adapters/git/working-copy.ts';
import { createLocalStores } from '../../../src/adapters/object-store/open-local-stores.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { objectKey } from '../../../src/formats/dvc/layout.ts';
import { listingText } from '../../../src/formats/dvc/dir-listing.ts';
import { judge } from '../../../src/gate/judge.ts';
import type { Judgement } from '../../../src/domain/verdict.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { md5 } from '../../support/collect-data.ts';
import { git, makeRepository } from '../../support/git-repository.ts';

const directories: string[] = [];

afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'modelgate-real-'));
  directories.push(directory);
  return directory;
}

/** Judges the change of a real repository against a real directory, as `modelgate check` does. */
async function judgeReal(directory: string): Promise<Judgement> {
  const dispatchers = createDispatchers();
  const signal = AbortSignal.timeout(30_000);
  const copy = await openWorkingCopy(directory, {
    target: 'main',
    committed: true,
    environment: process.env,
    signal,
  });
  try {
    const surroundings = { env: {}, home: '/nowhere', readFile: () => Promise.resolve(undefined) };
    const clock = createClock();
    const stores = createLocalStores({ dispatchers, clock, random: () => 0, directory, ...surroundings });
    const deps = { stores, limits: defaultLimits, targetBranch: 'main', progress: () => undefined };
    return await judge(copy.snapshot, deps, signal);
  } finally {
    await copy.close();
    await dispatchers.close();
  }
}

async function put(remote: string, name: string, content: string): Promise<void> {
  const file = join(remote, objectKey('files/md5', name));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

describe('a repository of git and a remote that is a directory', () => {
  test('data is added — first nothing is pushed, then the listing alone, then all — missing, missing, passed', async () => {
    const [directory, remote] = [await temporary(), await temporary()];
    const files = { 'a.csv': 'a,b\n', 'b.csv': 'c,d\n' };
    const listing = listingText(
      Object.entries(files).map(([relpath, text]) => ({ relpath, md5: md5(text) })),
    );
    const name = `${md5(listing)}.dir`;
    const config = { '.dvc/config': `[core]\n    remote = local\n['remote "local"']\n    url = ${remote}\n` };
    const pointer = `outs:\n- md5: ${name}\n  nfiles: 2\n  hash: md5\n  path: data\n`;
    await makeRepository(directory, [
      { branch: 'main', files: config },
      { branch: 'change', from: 'main', files: { ...config, 'data.dvc': pointer } },
    ]);
    const rulesOf = (judgement: Judgement): readonly string[] =>
      judgement.checks.flatMap(({ findings }) =>
        findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule),
      );

    const before = await judgeReal(directory);
    expect(rulesOf(before)).toEqual(['data/missing-on-remote']);
    expect(before.checks.flatMap(({ wanted }) => wanted)[0]).toMatchObject({ remote: 'local', url: remote });

    await put(remote, name, listing);
    const partial = await judgeReal(directory);
    expect(
      partial.checks.flatMap(({ findings }) => findings.map(({ message }) => message)).join('\n'),
    ).toContain('lists 2 files; 2 are not in remote');

    for (const text of Object.values(files)) await put(remote, md5(text), text);
    const after = await judgeReal(directory);
    expect(rulesOf(after)).toEqual([]);
    expect(after.verdict).toBe('passed');
  });

  test('both sides changed the same pointer — git merges nothing — the conflict is told', async () => {
    const directory = await temporary();
    const pointer = (content: string): string => `outs:\n- md5: ${md5(content)}\n  hash: md5\n  path: data\n`;
    await makeRepository(directory, [
      { branch: 'main', files: { 'data.dvc': pointer('a') } },
      { branch: 'change', from: 'main', files: { 'data.dvc': pointer('b') } },
      { branch: 'main', from: 'main', files: { 'data.dvc': pointer('c') } },
    ]);
    await git(directory, ['checkout', '--quiet', 'change']);
    const judgement = await judgeReal(directory);

    expect(judgement.judged).toBe('conflict');
    expect(judgement.checks.flatMap(({ findings }) => findings.map(({ rule }) => rule))).toEqual([
      'change/conflict',
    ]);
  });
});
