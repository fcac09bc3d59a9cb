import type { Difference } from './difference.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './policy.ts';
import type { Oid, Sha } from './repository.ts';

/** `waiting`: somebody has to act before it can be judged (trust of a fork, an approval). */
export type Verdict = 'passed' | 'failed' | 'undecided' | 'waiting';

/** A group of rules with its collector. */
export type CheckId = 'change' | 'policy' | 'data' | 'pipeline';

/** Something that could not be known, and why. It makes its check undecided. */
export interface Unknown {
  /** `object files/md5/a7/1dc1… on s3://team/dvc`, `rule data/schema`, `file big.dvc` */
  readonly what: string;
  readonly cause: 'forbidden' | 'unreachable' | 'unsupported' | 'not-bound' | 'limit' | 'crash' | 'deadline';
  readonly message: string;
  /** What a person can do about it. */
  readonly remedy: string | undefined;
}

/** What one check says. */
export interface CheckResult {
  readonly check: CheckId;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly findings: readonly Finding[];
  /** Findings beyond the limit, counted and not kept. */
  readonly omittedFindings: number;
  readonly unknowns: readonly Unknown[];
  /** Unknowns beyond what a record keeps: counted, not kept. Absent in older records. */
  readonly omittedUnknowns?: number | undefined;
  /** Facts worth telling, `{ outputs: 12, objects: 340 }`; all zero means there was nothing to check. */
  readonly counts: Readonly<Record<string, number>>;
  /** Objects whose absence or unknown state alone decided: they are asked for again after a data push. */
  readonly wanted: readonly WantedObject[];
}

/** One object on a data remote, as the collector asked for it. */
export interface WantedObject {
  /**
   * The remote's name in `.dvc/config`, and its url there: a pair that the stores can open again. It has
   * nothing that is not shown to people: of a remote with userinfo or a query in its url nothing is remembered.
   */
  readonly remote: string;
  readonly url: string;
  readonly key: string;
  readonly version: string | undefined;
}

/** Findings and verdict for one merged tree. */
export interface Judgement {
  readonly base: Sha;
  /** undefined: the working tree of a laptop. */
  readonly head: Sha | undefined;
  /** Which tree was judged. */
  readonly judged: 'merge-result' | 'head' | 'conflict';
  /** The judged tree; undefined on conflict. */
  readonly tree: Oid | undefined;
  readonly checks: readonly CheckResult[];
  readonly differences: readonly Difference[];
  /** Differences beyond what a record keeps: counted, not kept. Absent in older records. */
  readonly omittedDifferences?: number | undefined;
  readonly verdict: 'passed' | 'failed' | 'undecided';
  /** How the policy in force wants the findings taken, and where it is from. */
  readonly mode: Policy['mode'];
  readonly policySource: 'target' | 'defaults' | 'defaults-because-broken';
  /** Identifies rules and their severities: a judgement of another version is not reused. */
  readonly rulesVersion: string;
}

/** The verdict of several: a failure is certain whatever is unknown elsewhere. */
export function combineVerdicts(
  verdicts: readonly ('passed' | 'failed' | 'undecided')[],
): 'passed' | 'failed' | 'undecided' {
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.includes('undecided') ? 'undecided' : 'passed';
}
