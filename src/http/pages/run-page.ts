import type { RunLog } from '../../ports/run-log.ts';
import { summaryOf } from '../../domain/run-summary.ts';
import type { Html } from '../../report/html.ts';
import { renderRunPage } from '../../report/page/run-page.ts';
import type { Visitor } from '../access/visitor.ts';
import type { ReleasePageDeps } from './page-deps.ts';
import { releaseOfTip } from './release-of-tip.ts';
import { standingOf, versionOf, type ReadRuns } from './standing.ts';
import { mayAct, mayRead } from './visit.ts';

const shownLines = 500;
const linesAtOnce = 1000;
/** The log is capped; should it grow as fast as we read, this ends it. */
const mostReads = 10;

/** Whether the text can be the id of a run. */
export function isRunId(id: string): boolean {
  return /^[\w-]{1,128}$/.test(id);
}

/** The page of a run, or undefined when there is no such run for this visitor. */
export async function showRun(
  id: string,
  deps: ReadRuns & {
    readonly runLog: Pick<RunLog, 'read'>;
    readonly releases: Pick<ReleasePageDeps, 'store'>;
  },
  visitor: Visitor,
): Promise<Html | undefined> {
  if (!isRunId(id)) return undefined;
  const run = await deps.runStore.loadRun(id);
  if (run === undefined || !(await mayRead(visitor, run.subject))) return undefined;
  const [standing, { lines, cursor }, may, release] = await Promise.all([
    standingOf(summaryOf(run), deps),
    lastLines(id, deps.runLog),
    mayAct(visitor, run.subject),
    releaseOfTip(run, deps.releases.store),
  ]);
  return renderRunPage(run, {
    log: lines,
    cursor,
    newer: standing.newer,
    asked: standing.asked,
    mayAct: may,
    release,
    version: versionOf(standing),
    visitor,
  });
}

/** The last lines of a log, and where they end. */
export async function lastLines(
  id: string,
  runLog: Pick<RunLog, 'read'>,
): Promise<{ readonly lines: readonly string[]; readonly cursor: string | undefined }> {
  let last: readonly string[] = [];
  let after: string | undefined;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const { lines, cursor } = await runLog.read(id, after, linesAtOnce);
    last = [...last, ...lines].slice(-shownLines);
    after = cursor;
    if (lines.length < linesAtOnce) break;
  }
  return { lines: last, cursor: after };
}
