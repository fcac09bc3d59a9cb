import { createHash } from 'node:crypto';
import type { Oid, Sha } from '../domain/repository.ts';
import { subjectKey, type Subject } from '../domain/subject.ts';

/** All that a verdict depends on. */
export interface EvaluationKey {
  readonly subject: Subject;
  readonly head: Sha;
  readonly targetTip: Sha;
  /** The blob of the policy in force: on the target, or on a tip itself; undefined: none. */
  readonly policyBlob: Oid | undefined;
  readonly rulesVersion: string;
  /** How often somebody asked for a fresh evaluation. */
  readonly fresh: number;
}

/** The id of the run that evaluates the key: made again from nothing, it is the same. */
export function runIdOf(key: EvaluationKey): string {
  const parts = [
    subjectKey(key.subject),
    key.head,
    key.targetTip,
    key.policyBlob ?? '',
    key.rulesVersion,
    key.fresh,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
