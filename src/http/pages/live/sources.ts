import type { RunLog } from '../../../ports/run-log.ts';
import type { Subject } from '../../../domain/subject.ts';
import { logText } from '../../../report/page/log-lines.ts';
import { changeStandingOf, changeVersionOf, standingOf, versionOf, type ReadRuns } from '../standing.ts';
import type { FeedSource } from './feed.ts';

/** The log of a run, and what its page is like. */
export function runSource(
  id: string,
  deps: ReadRuns & { readonly runLog: Pick<RunLog, 'read'> },
): FeedSource {
  return {
    async read(after, limit, until) {
      const { lines, cursor } = await deps.runLog.read(id, after, limit, until);
      return { lines: lines.map(logText), cursor };
    },
    async state() {
      const summary = await deps.runLists.summary(id);
      if (summary === undefined) return undefined;
      return { version: versionOf(await standingOf(summary, deps)), isOver: summary.state !== 'running' };
    },
  };
}

/** What the page of a change is like. */
export function changeSource(subject: Subject, deps: ReadRuns): FeedSource {
  return {
    async state() {
      const standing = await changeStandingOf(subject, deps);
      if (standing === undefined) return undefined;
      return { version: changeVersionOf(standing), isOver: standing.runs[0].state !== 'running' };
    },
  };
}
