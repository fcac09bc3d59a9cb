import type { Rule } from '../rule.ts';
import { cycle } from './cycle.ts';
import { legacy } from './legacy.ts';
import type { PipelineNodes } from './model.ts';
import { shape } from './shape.ts';
import { undefinedReference } from './undefined-reference.ts';
import { unparsable } from './unparsable.ts';

export { visitPipelines } from './model.ts';
export type { PipelineNodes } from './model.ts';

/** The rules of the group `pipeline`. */
export const pipelineRules: readonly Rule<PipelineNodes>[] = [
  unparsable,
  shape,
  legacy,
  undefinedReference,
  cycle,
];
