import type { RuleOn } from '../rule.ts';
import type { DataNodes } from './model.ts';

/** An edit of `.dvc/config` sends everybody's data elsewhere, and moves nothing there (specs dvc 4.6 step 1). */
export const remoteChanged: RuleOn<DataNodes, 'remoteChange'> = {
  id: 'data/remote-changed',
  summary: 'The change points a data remote somewhere else',
  severity: 'warning',
  profile: 'recommended',
  covers: ['dvc 4.6'],
  on: 'remoteChange',
  *check(change) {
    const { what, source, at } = change;
    const before = change.before ?? 'not set';
    const after = change.after ?? 'not set';
    yield {
      at: { source, span: at?.span ?? { start: 0, end: 0 }, pointer: what },
      message: `After the merge ${what} is ${after}, and was ${before}: everybody pulls from there, whatever lies in the old place.`,
      compared: [{ what, expected: before, actual: after }],
      subject: after,
      repair: 'if it is meant: dvc push --all-commits to the new remote before the merge',
    };
  },
};
