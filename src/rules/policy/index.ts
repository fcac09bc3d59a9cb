import type { Rule } from '../rule.ts';
import { invalid } from './invalid.ts';
import type { PolicyNodes } from './nodes.ts';

export { visitPolicy, type PolicyFile, type PolicyNodes } from './nodes.ts';

/** The rules of the group `policy`. */
export const policyRules: readonly Rule<PolicyNodes>[] = [invalid];
