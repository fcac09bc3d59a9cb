import type { Release, ReleaseLine } from '../../domain/release.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { Html } from '../../report/html.ts';
import { logText } from '../../report/page/log-lines.ts';
import { renderReleasePage } from '../../report/page/release-page.ts';
import type { Visitor } from '../access/visitor.ts';
import type { FeedSource } from './live/feed.ts';
import type { PageDeps } from './page-deps.ts';
import { isRunId, lastLines } from './run-page.ts';
import { mayAct, mayRead } from './visit.ts';

/** What the page of a release is made of. */
export interface ReadReleases extends Pick<PageDeps, 'releases'> {
  readonly runLog: Pick<RunLog, 'read'>;
  readonly operations: { readonly operations: Pick<PageDeps['operations']['operations'], 'currentPause'> };
  readonly clock: Pick<Clock, 'now'>;
}

/** The release of that id, if the visitor may read its repository. */
export async function readableRelease(
  id: string,
  { releases }: Pick<ReadReleases, 'releases'>,
  visitor: Visitor,
): Promise<Release | undefined> {
  const release = isRunId(id) ? await releases.store.loadRelease(id) : undefined;
  return release !== undefined && (await mayRead(visitor, release.line)) ? release : undefined;
}

/** The page of a release, or undefined when there is no such release for this visitor. */
export async function showRelease(
  id: string,
  deps: ReadReleases,
  visitor: Visitor,
): Promise<Html | undefined> {
  const release = await readableRelease(id, deps, visitor);
  if (release === undefined) return undefined;
  const [line, paused, { lines, cursor }, may] = await Promise.all([
    deps.releases.store.loadLine(release.line),
    isPaused(deps),
    lastLines(id, deps.runLog),
    mayAct(visitor, release.line),
  ]);
  const { training } = release;
  const run = training?.serverRunId;
  return renderReleasePage(release, {
    line,
    log: lines,
    cursor,
    runUrl: run === undefined ? undefined : deps.releases.runUrl(release.line.environment, run),
    mayAct: may,
    version: versionOf(release, line, paused),
    now: deps.clock.now(),
    visitor,
  });
}

/** The log of a release, and what its page is like. */
export function releaseSource(id: string, deps: ReadReleases): FeedSource {
  return {
    async read(after, limit, until) {
      const { lines, cursor } = await deps.runLog.read(id, after, limit, until);
      return { lines: lines.map(logText), cursor };
    },
    async state() {
      const release = await deps.releases.store.loadRelease(id);
      if (release === undefined) return undefined;
      const [line, paused] = await Promise.all([deps.releases.store.loadLine(release.line), isPaused(deps)]);
      return { version: versionOf(release, line, paused), isOver: release.outcome !== undefined };
    },
  };
}

async function isPaused({ operations }: ReadReleases): Promise<boolean> {
  return (await operations.operations.currentPause()) !== undefined;
}

/** A short text that is another one whenever the release's page is. */
function versionOf(release: Release, line: ReleaseLine | undefined, paused: boolean): string {
  return [release.rev, line?.rev ?? 0, paused ? 'paused' : ''].join('.');
}
