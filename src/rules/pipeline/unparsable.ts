import type { RuleOn } from '../rule.ts';
import { toBreach } from './model.ts';
import type { PipelineNodes } from './model.ts';

/** The file is no YAML that Kubeflow could read, or only a part of a pipeline (specs kubeflow-kserve 2.1, F04). */
export const unparsable: RuleOn<PipelineNodes, 'file'> = {
  id: 'pipeline/unparsable',
  summary:
    'A pipeline file that cannot be read: bad syntax, a duplicate key, a merge conflict, cut off, not UTF-8',
  severity: 'error',
  profile: 'recommended',
  covers: ['F04'],
  on: 'file',
  *check(file) {
    for (const problem of file.problems) yield toBreach(file.source, problem);
  },
};
