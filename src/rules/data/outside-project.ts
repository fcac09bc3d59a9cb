import type { RuleOn } from '../rule.ts';
import type { DataNodes } from './model.ts';

/** DVC files in no DVC project: DVC itself cannot use them, and there is no remote to ask (specs dvc 3.4). */
export const outsideProject: RuleOn<DataNodes, 'metafile'> = {
  id: 'data/outside-project',
  summary: 'DVC files without a `.dvc/` directory at or above them',
  severity: 'warning',
  profile: 'recommended',
  covers: ['dvc 3.4'],
  on: 'metafile',
  *check(file) {
    if (file.outsideProject === undefined) return;
    const others = file.outsideProject > 1 ? ` This holds for ${file.outsideProject - 1} more files.` : '';
    yield {
      at: { source: file.source, span: { start: 0, end: 0 }, pointer: '' },
      message: `No directory at or above this file has a tracked .dvc/, so DVC cannot use it and its data was not looked for.${others}`,
      repair: 'dvc init, then git add .dvc and commit',
    };
  },
};
