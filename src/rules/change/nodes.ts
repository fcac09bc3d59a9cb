import type { Visit } from '../rule.ts';

/** What the rules of this group look at. */
export interface ChangeNodes {
  readonly conflict: ConflictNode;
}

/** A target as it was named or found on a laptop. */
export interface LocalTarget {
  /** `origin/main`, `main`, `v2`, a commit id. */
  readonly name: string;
  /** It is the branch of a remote, which `git fetch` moves. */
  readonly isFetched: boolean;
}

/** A path that git cannot merge by itself. */
export interface ConflictNode {
  readonly path: string;
  /** git's own words. */
  readonly message: string;
  /** The branch that the change wants to be merged into. */
  readonly targetBranch: string;
  /** Where the target is a revision of a laptop's clone; undefined: it is the branch of `origin`. */
  readonly local?: LocalTarget | undefined;
  /** The conflict lies in the working tree: a merge or rebase stopped there. */
  readonly unresolved?: true | undefined;
}

/** One node for each path, with everything that git says about it. */
export function* visitChange(conflicts: readonly ConflictNode[]): Generator<Visit<ChangeNodes>> {
  const byPath = new Map<string, ConflictNode>();
  for (const conflict of conflicts) {
    const known = byPath.get(conflict.path);
    const message =
      known === undefined ? conflict.message : `${known.message.trimEnd()}\n${conflict.message}`;
    byPath.set(conflict.path, { ...conflict, message });
  }
  for (const node of byPath.values()) yield { kind: 'conflict', node };
}
