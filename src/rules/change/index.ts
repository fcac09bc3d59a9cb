import type { Rule } from '../rule.ts';
import { conflict } from './conflict.ts';
import type { ChangeNodes } from './nodes.ts';

export { visitChange, type ChangeNodes, type ConflictNode, type LocalTarget } from './nodes.ts';

/** The rules of the group `change`. */
export const changeRules: readonly Rule<ChangeNodes>[] = [conflict];
