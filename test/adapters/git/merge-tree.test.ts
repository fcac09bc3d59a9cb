import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mergeTree, parseConflicts } from '../../../src/adapters/git/merge-tree.ts';
import { createGit } from '../../../src/adapters/git/run-git.ts';
import { scrub, secretsOf } from '../../../src/adapters/git/scrub.ts';
import { toOid } from '../../../src/adapters/git/oid.ts';
import { sha, temporaryDirectory, write } from './repositories.ts';

const signal = new AbortController().signal;

/** A git that answers with a shell script. */
function scripted(script: string, environment: Record<string, string> = {}) {
  const directory = temporaryDirectory();
  write(directory, { git: `#!/bin/sh\n${script}\n` });
  chmodSync(join(directory, 'git'), 0o755);
  const path = { PATH: `${directory}:/usr/bin:/bin`, ...environment };
  return createGit({ directory, environment: path, config: [], secrets: ['hidden-token'] });
}

describe('merging', () => {
  const sides = { base: sha('aa'), head: sha('bb'), headTree: toOid('c'.repeat(40)), shallow: false };

  test.each(['2.37.9', '1.9.5', '2.9'])(
    'git %s — cannot merge without a checkout — the head, and why',
    async (version) => {
      const judged = await mergeTree(scripted(`echo git version ${version}`), sides, signal);
      expect(judged).toEqual({ kind: 'head', tree: sides.headTree, reason: expect.stringContaining('2.38') });
    },
  );

  test.each(['2.38.0', '2.39.5 (Apple Git-154)', '3.0.1'])(
    'git %s — that fails to merge — is no verdict',
    async (version) => {
      expect(
        await mergeTree(
          scripted(`[ "$1" = version ] && echo "git version ${version}" || exit 128`),
          sides,
          signal,
        ),
      ).toBeUndefined();
    },
  );

  test('messages — several files and kinds — each path has the first conflict that names it', () => {
    const output = [
      'tree',
      'a',
      'b',
      '',
      '1',
      'a',
      'Auto-merging',
      'Auto-merging a\n',
      '2',
      'a',
      'c',
      'CONFLICT (rename/rename)',
      'CONFLICT (rename/rename): a\n',
    ];
    expect(parseConflicts(Buffer.from(`${output.join('\0')}\0`))).toEqual([
      { path: 'a', message: 'CONFLICT (rename/rename): a' },
      { path: 'b', message: 'Both sides changed the file.' },
      { path: 'c', message: 'CONFLICT (rename/rename): a' },
    ]);
  });
});

describe('running git', () => {
  test('too slow — is killed with its children — a later try may do', async () => {
    const run = scripted('sleep 60 & sleep 60')({ args: ['fetch'], timeoutMs: 100 }, signal);
    await expect(run).rejects.toMatchObject({
      name: 'RetryableError',
      message: 'git fetch took longer than 100 ms',
    });
  });

  test('too much output — is stopped', async () => {
    const run = scripted('yes')({ args: ['log'], maxBytes: 1000 }, signal);
    await expect(run).rejects.toMatchObject({ code: 'git-output' });
  });

  test('no git — says so', async () => {
    const git = createGit({ directory: '/', environment: { PATH: '/nonexistent' }, config: [], secrets: [] });
    await expect(git({ args: ['version'] }, signal)).rejects.toMatchObject({ code: 'git-missing' });
  });

  test('a complaint with secrets — is scrubbed', async () => {
    const script =
      'echo "fatal: https://user:pw@h.example/x hidden-token" >&2; echo "> Authorization: Basic abc" >&2; exit 3';
    const { code, complaint } = await scripted(script)({ args: ['fetch'] }, signal);
    expect([code, complaint]).toEqual([3, 'fatal: https://h.example/x ***\n> authorization: ***']);
  });

  test('an aborted signal — before or during — throws its reason', async () => {
    await expect(
      scripted('sleep 60')({ args: ['x'] }, AbortSignal.abort(new Error('before'))),
    ).rejects.toThrow('before');
    await expect(scripted('sleep 60')({ args: ['x'] }, AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
  });
});

test('secrets of a header — whole, encoded, decoded — are all hidden', () => {
  const header = `Basic ${Buffer.from('oauth2:glpat-1234').toString('base64')}`;
  expect(scrub(`${header} glpat-1234 ${header.slice(6)}`, secretsOf(header))).toBe('*** *** ***');
  expect(secretsOf(undefined)).toEqual([]);
});
