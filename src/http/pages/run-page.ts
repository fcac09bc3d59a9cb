import type { Run } from '../../domain/run.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Html } from '../../report/html.ts';
import { renderRunPage } from '../../report/page/run-page.ts';

const shownLines = 500;
const linesAtOnce = 1000;
/** The log is capped; should it grow as fast as we read, this ends it. */
const mostReads = 10;

/** The page of a run, or undefined when there is no such run. */
export async function showRun(
  id: string,
  deps: { readonly runStore: ReadRuns; readonly runLog: Pick<RunLog, 'read'> },
): Promise<Html | undefined> {
  if (!/^[\w-]{1,128}$/.test(id)) return undefined;
  const run = await deps.runStore.loadRun(id);
  if (run === undefined) return undefined;
  return renderRunPage(run, await lastLines(id, deps.runLog), await newerThan(run, deps.runStore));
}

type ReadRuns = Pick<RunStore, 'loadRun' | 'loadSubject'>;

/** The newest run of the subject, where it is another one. A run is kept just before it becomes the newest itself. */
async function newerThan(run: Run, runStore: ReadRuns): Promise<Run | undefined> {
  if (run.state === 'running') return undefined;
  const newest = (await runStore.loadSubject(run.subject))?.runId;
  return newest === undefined || newest === run.id ? undefined : runStore.loadRun(newest);
}

async function lastLines(id: string, runLog: Pick<RunLog, 'read'>): Promise<readonly string[]> {
  let last: readonly string[] = [];
  let after: string | undefined;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const { lines, cursor } = await runLog.read(id, after, linesAtOnce);
    last = [...last, ...lines].slice(-shownLines);
    after = cursor;
    if (lines.length < linesAtOnce) break;
  }
  return last;
}
