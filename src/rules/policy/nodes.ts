import type { NotChecked } from '../../formats/policy/not-checked.ts';
import type { PlacedGlob } from '../../formats/policy/pipeline-globs.ts';
import type { Problem, Source } from '../../formats/source.ts';
import type { Location, Visit } from '../rule.ts';

/** What the rules of this group look at. */
export interface PolicyNodes {
  readonly 'policy-file': PolicyFile;
}

/** The policy as one side has it. */
export interface PolicyFile {
  readonly source: Source;
  readonly problems: readonly Problem[];
  /** The `target`'s policy decides; the `change`'s edit is validated, not obeyed. */
  readonly side: 'target' | 'change';
  /** The target's policy is broken, and the change replaces it by a right one or removes it. */
  readonly repaired?: boolean;
  /** Keys that this version does nothing about; absent where the file is broken. */
  readonly notChecked?: readonly NotChecked[];
  /** Globs of pipelines that match no file; absent where the file is broken. */
  readonly unmatched?: readonly UnmatchedGlob[];
  /** The target's policy is another one, or none, after the change. */
  readonly edited?: boolean;
}

/** A path of a pipeline that is not there. `all`: no file is named at all, and this is the first of the globs. */
export interface UnmatchedGlob extends PlacedGlob {
  readonly all: boolean;
}

/** A place in the file as its side has it. */
export function within(file: PolicyFile, { span, pointer }: Pick<Problem, 'span' | 'pointer'>): Location {
  const tree = file.side === 'target' ? ('target' as const) : undefined;
  return { source: file.source, span, pointer, tree };
}

/** The policy files of both sides; the change's is there only where it differs from the target's. */
export function* visitPolicy(files: readonly PolicyFile[]): Generator<Visit<PolicyNodes>> {
  const edit = files.find((file) => file.side === 'change');
  const right = edit !== undefined && edit.problems.length === 0;
  for (const file of files) {
    const repaired = file.repaired ?? (file.side === 'target' && right);
    const edited = file.side === 'target' && (edit !== undefined || file.repaired === true);
    yield { kind: 'policy-file', node: { ...file, repaired, edited } };
  }
}
