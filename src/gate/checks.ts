import { dataRules, visitData } from '../rules/data/index.ts';
import { pipelineRules, visitPipelines } from '../rules/pipeline/index.ts';
import { collectData } from './collect/data.ts';
import { collectPipelines } from './collect/pipeline.ts';
import { runnable, type RunnableCheck } from './run-check.ts';

/** Every check that looks at files, in the order of the report. */
export const checks: readonly RunnableCheck[] = [
  runnable({ id: 'data', rules: dataRules, collect: collectData, visit: visitData }),
  runnable({ id: 'pipeline', rules: pipelineRules, collect: collectPipelines, visit: visitPipelines }),
];
