import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import { changeRules, visitChange, type ConflictNode } from '../../../src/rules/change/index.ts';
import { applyRules } from '../../../src/rules/engine.ts';

function findings(...conflicts: readonly ConflictNode[]): readonly Finding[] {
  return applyRules(changeRules, visitChange(conflicts), { policy: defaultPolicy, maxFindings: 100 })
    .findings;
}

describe('change/conflict', () => {
  test('no conflict — no finding', () => {
    expect(findings()).toEqual([]);
  });

  test("one path — one finding with git's words and the repair, at no line", () => {
    const message = 'CONFLICT (content): Merge conflict in params.yaml';

    expect(findings({ path: 'params.yaml', message, targetBranch: 'main' })).toMatchObject([
      {
        rule: 'change/conflict',
        severity: 'error',
        file: 'params.yaml',
        place: undefined,
        message: `The change and main do not merge: ${message}`,
        repair: 'git fetch origin && git merge origin/main',
      },
    ]);
  });

  test('git says several things about one path — one finding with all of them', () => {
    const [finding, ...others] = findings(
      { path: 'a.txt', message: 'Auto-merging a.txt\n', targetBranch: 'main' },
      { path: 'b.txt', message: '', targetBranch: 'main' },
      { path: 'a.txt', message: 'CONFLICT (modify/delete): a.txt', targetBranch: 'main' },
    );

    expect(finding!.message).toBe(
      'The change and main do not merge: Auto-merging a.txt; CONFLICT (modify/delete): a.txt',
    );
    expect(others.map(({ file, message }) => [file, message])).toEqual([
      ['b.txt', 'The change and main do not merge: git reports a conflict.'],
    ]);
  });

  test('a merge that stopped in the working tree — is to be resolved, not merged again', () => {
    const stopped = {
      message: 'Both sides added the file.',
      targetBranch: 'main',
      unresolved: true,
    } as const;

    expect(findings({ path: "it's.dvc", ...stopped })).toMatchObject([
      {
        file: "it's.dvc",
        message:
          'A merge, rebase or cherry-pick stopped here and is not resolved: Both sides added the file. Resolve the file and stage it with `git add`.',
        repair: String.raw`git mergetool 'it'\''s.dvc'`,
      },
    ]);
  });

  test.each([
    ['release/1.x', 'git fetch origin && git merge origin/release/1.x'],
    ['a;rm -rf $HOME', "git fetch origin && git merge 'origin/a;rm -rf $HOME'"],
    ["it's", String.raw`git fetch origin && git merge 'origin/it'\''s'`],
  ])('target branch %s — a repair that is safe to paste', (targetBranch, repair) => {
    expect(findings({ path: 'a', message: 'x', targetBranch })[0]!.repair).toBe(repair);
  });

  test.each([
    ['a local branch', { name: 'main', isFetched: false }, 'git merge main'],
    [
      'a branch of a remote',
      { name: 'upstream/main', isFetched: true },
      'git fetch upstream && git merge upstream/main',
    ],
    ['a commit', { name: 'HEAD~2;x', isFetched: false }, "git merge 'HEAD~2;x'"],
  ])('on a laptop, %s — is merged as it was named', (_, local, repair) => {
    expect(findings({ path: 'a', message: 'x', targetBranch: 'main', local })[0]!.repair).toBe(repair);
  });
});
