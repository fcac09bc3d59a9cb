import type { RuleOn } from '../rule.ts';
import type { DataNodes } from './model.ts';
import { breachOf, isUnparsable } from './problems.ts';

/** Keys, types and values that DVC 3 refuses, or accepts although nobody can pull with them (specs dvc 1 to 3, STRICT). */
export const schema: RuleOn<DataNodes, 'metafile'> = {
  id: 'data/schema',
  summary: 'A DVC file with keys or values that DVC refuses or that can never work',
  severity: 'error',
  profile: 'recommended',
  covers: [
    'dvc 1.2',
    'dvc 1.3',
    'dvc 1.4',
    'dvc 1.5',
    'dvc 1.6',
    'dvc 2.1',
    'dvc 2.2',
    'dvc 2.4',
    'dvc 3.2',
    'dvc 3.3',
    'dvc 8.16',
    'dvc 8.18',
    'dvc 8.20',
    'dvc 8.28',
    'dvc 8.30',
  ],
  on: 'metafile',
  *check(file) {
    for (const problem of file.problems) if (!isUnparsable(problem)) yield breachOf(file, problem);
  },
};
