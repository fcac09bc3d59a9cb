import type { RuleOn } from '../rule.ts';
import type { DataNodes } from './model.ts';
import { breachOf, isUnparsable } from './problems.ts';

/** The file cannot be read at all, so every DVC command in its project fails (specs dvc 1.1, 8.8). */
export const unparsable: RuleOn<DataNodes, 'metafile'> = {
  id: 'data/unparsable',
  summary: 'A DVC file that cannot be read: bad syntax, a merge conflict, not UTF-8',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 1.1', 'dvc 3.1', 'dvc 8.8', 'dvc 8.19'],
  on: 'metafile',
  *check(file) {
    for (const problem of file.problems) if (isUnparsable(problem)) yield breachOf(file, problem);
  },
};
