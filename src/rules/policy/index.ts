import type { Rule } from '../rule.ts';
import { invalid } from './invalid.ts';
import type { PolicyNodes } from './nodes.ts';
import { noPipeline } from './no-pipeline.ts';
import { notChecked } from './not-checked.ts';

export { visitPolicy, type PolicyFile, type PolicyNodes, type UnmatchedGlob } from './nodes.ts';

/** The rules of the group `policy`. */
export const policyRules: readonly Rule<PolicyNodes>[] = [invalid, notChecked, noPipeline];
