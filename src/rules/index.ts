import { createHash } from 'node:crypto';
import type { RuleDescription } from '../domain/finding.ts';
import { changeRules } from './change/index.ts';
import { dataRules } from './data/index.ts';
import { pipelineRules } from './pipeline/index.ts';
import { policyRules } from './policy/index.ts';

/** Every rule, in the order of the documentation. */
export const ruleDescriptions: readonly RuleDescription[] = [
  ...changeRules,
  ...policyRules,
  ...dataRules,
  ...pipelineRules,
].map(({ id, summary, severity, profile, covers }) => ({ id, summary, severity, profile, covers }));

/** The ids of all rules, in the order of the documentation: what a policy may name. */
export const ruleIds: readonly string[] = ruleDescriptions.map((rule) => rule.id);

/**
 * Raise it when a rule changes what it finds, so that stored judgements are made anew. Rules that come, go or change
 * their severity are noticed by themselves.
 */
const behaviour = 3;

/** Identifies the set of rules; part of the key of an evaluation. */
export const rulesVersion: string = createHash('sha256')
  .update(JSON.stringify([behaviour, ruleDescriptions.map((rule) => [rule.id, rule.severity, rule.profile])]))
  .digest('hex')
  .slice(0, 16);
