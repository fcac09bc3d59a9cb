import type { Difference } from '../domain/difference.ts';
import type { Policy } from '../domain/policy.ts';
import type { Unknown, WantedObject } from '../domain/verdict.ts';
import type { Limits } from '../limits.ts';
import type { ObjectStores } from '../ports/object-store.ts';
import type { Oid } from '../domain/repository.ts';
import type { TreeChange, TreeEntry, TreeReader } from '../ports/snapshots.ts';

/** What every collector starts from: the two trees by name, and the ways to read more. */
export interface Facts {
  /** The judged tree: the merge result, or the head where no merge could be made. */
  readonly tree: Oid;
  readonly entries: readonly TreeEntry[];
  /** The target's tree. */
  readonly baseTree: Oid;
  readonly baseEntries: readonly TreeEntry[];
  /** What the merge changes: base tree against judged tree. */
  readonly changes: readonly TreeChange[];
  readonly policy: Policy;
}

/** The ports of collectors. */
export interface CollectDeps {
  readonly trees: TreeReader;
  readonly stores: ObjectStores;
  readonly limits: Limits;
  /** Tells a person at a terminal what takes its time. */
  progress(text: string): void;
  /** Keeps the stack of a defect of ours for those who repair it; reports name the defect alone. */
  defect?(where: string, thrown: unknown): void;
}

/** What a collector gathered, for the rules and beside them. */
export interface Collected<Model> {
  /** The judged tree's model, as the rules visit it. */
  readonly model: Model;
  /** The same of the target's tree, by static facts alone: which findings existed before. */
  readonly baseModel: Model;
  readonly unknowns: readonly Unknown[];
  readonly wanted: readonly WantedObject[];
  readonly counts: Readonly<Record<string, number>>;
  readonly differences: readonly Difference[];
}
