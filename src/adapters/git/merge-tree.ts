import type { Oid, Sha } from '../../domain/repository.ts';
import type { Conflict, Judged } from '../../ports/snapshots.ts';
import { toOid } from './oid.ts';
import { records } from './parse-tree.ts';
import type { Git } from './run-git.ts';

/** Two commits to merge; `shallow`: history may be cut off, so that a missing common ancestor proves nothing. */
export interface MergeSides {
  readonly base: Sha;
  readonly head: Sha;
  readonly headTree: Oid;
  readonly shallow: boolean;
}

/**
 * Merges the head into the base without a working tree (specs git-hosts 7). Histories without a common commit are a
 * conflict of the whole change (path ``): no host merges them. undefined: git could not read
 * what it has, or could not fetch the files that it has to merge.
 */
export async function mergeTree(
  git: Git,
  sides: MergeSides,
  signal: AbortSignal,
): Promise<Judged | undefined> {
  if (!(await canMerge(git, signal))) {
    return {
      kind: 'head',
      tree: sides.headTree,
      reason: 'git is older than 2.38 and cannot merge without a checkout',
    };
  }
  const ancestor = await git({ args: ['merge-base', sides.base, sides.head] }, signal);
  if (ancestor.code === 1) return withoutAncestor(sides);
  if (ancestor.code !== 0) return undefined;
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--messages', sides.base, sides.head];
  const { code, stdout } = await git({ args, timeoutMs: 300_000 }, signal);
  if (code === 0) return { kind: 'merge-result', tree: toOid(records(stdout)[0] ?? '') };
  return code === 1 ? { kind: 'conflict', conflicts: parseConflicts(stdout) } : undefined;
}

const unshallow =
  'fetch the rest of the history: `git fetch --unshallow`; GitLab CI clones all of it with `GIT_DEPTH: 0`, actions/checkout with `fetch-depth: 0`';

function withoutAncestor(sides: MergeSides): Judged {
  if (sides.shallow) {
    const reason = 'the clone is shallow and holds no common commit of both sides';
    return { kind: 'head', tree: sides.headTree, reason, remedy: unshallow };
  }
  const message = 'the histories have no commit in common';
  return { kind: 'conflict', conflicts: [{ path: '', message }] };
}

async function canMerge(git: Git, signal: AbortSignal): Promise<boolean> {
  const { stdout } = await git({ args: ['version'] }, signal);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout.toString('utf8')) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38);
}

/**
 * Conflicts of `merge-tree -z --name-only --messages`: the tree, conflicted paths, an empty record, then messages as
 * count, that many paths, a stable type, the text.
 */
export function parseConflicts(output: Buffer): readonly Conflict[] {
  const rows = records(output);
  const border = rows.indexOf('', 1);
  const paths = rows.slice(1, border === -1 ? undefined : border);
  const messages = new Map<string, string>();
  let at = border === -1 ? rows.length : border + 1;
  while (at < rows.length) {
    const count = Number(rows[at]);
    if (!Number.isInteger(count)) break;
    const about = rows.slice(at + 1, at + 1 + count);
    const type = rows[at + 1 + count] ?? '';
    const text = (rows[at + 2 + count] ?? '').trim();
    at += count + 3;
    if (!type.startsWith('CONFLICT')) continue;
    for (const path of about) if (!messages.has(path)) messages.set(path, text);
  }
  const all = new Set([...paths, ...messages.keys()]);
  return [...all].map((path) => ({ path, message: messages.get(path) ?? 'Both sides changed the file.' }));
}
