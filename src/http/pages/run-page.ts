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
  deps: { readonly runStore: Pick<RunStore, 'loadRun'>; readonly runLog: Pick<RunLog, 'read'> },
): Promise<Html | undefined> {
  if (!/^[\w-]{1,128}$/.test(id)) return undefined;
  const run = await deps.runStore.loadRun(id);
  return run === undefined ? undefined : renderRunPage(run, await lastLines(id, deps.runLog));
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
