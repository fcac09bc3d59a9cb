import type { RuleDescription } from '../domain/finding.ts';
import type { Reading } from '../domain/reading.ts';
import type { Decision } from '../domain/run.ts';
import type { Judgement } from '../domain/verdict.ts';

/** Everything that `modelgate check` can tell, whatever the format. */
export interface CheckReport {
  readonly judgement: Judgement;
  readonly decision: Decision;
  readonly reading: Reading;
  /** Of every rule there is: formats for machines describe them. */
  readonly rules: readonly RuleDescription[];
  /** The version of modelgate. */
  readonly version: string;
}
