import type { Clock } from '../../../ports/clock.ts';
import type { RunLog } from '../../../ports/run-log.ts';
import type { Viewer } from './viewer.ts';

/** What is watched for all viewers of one page. */
export interface FeedSource {
  /** The lines of a log, harmless and ready to be shown; absent: there is none. */
  readonly read?: ReadLines;
  /** What the page is like now, and whether no more lines are to be expected; undefined: it is gone. */
  state(): Promise<{ readonly version: string; readonly isOver: boolean } | undefined>;
}

/** `RunLog.read` of one run. */
export type ReadLines = (
  after: string | undefined,
  limit: number,
  until?: string,
) => ReturnType<RunLog['read']>;

/** One reader for all who watch the same page; it reads only while somebody does. */
export interface Feed {
  /** How many watch. */
  readonly viewers: ReadonlySet<Viewer>;
  add(viewer: Viewer): void;
  remove(viewer: Viewer): void;
  end(): void;
}

const linesAtOnce = 200;
/** Milliseconds between two looks: while lines come, while it is quiet, and when the run is over. */
const pace = { busy: 250, quiet: 1000, over: 2000, trouble: 3000 } as const;
const beatMs = 20_000;
/** Who has had no room for so long is let go; a browser connects again and goes on where it was. */
const stuckMs = 60_000;
/** Each who is told asks for the whole page again: so many at a time. */
const toldAtOnce = 50;
/** Lines of a run come up to a moment after it has ended. */
const lastLooks = 2;

/** Watches the source. `onTrouble`: it could not be read; it is tried again. */
export function createFeed(
  source: FeedSource,
  {
    clock,
    onTrouble,
  }: { readonly clock: Pick<Clock, 'after'>; readonly onTrouble: (thrown: unknown) => void },
): Feed {
  const viewers = new Set<Viewer>();
  let joining: Viewer[] = [];
  let cursor: string | undefined;
  let isReading = false;
  let isInTrouble = false;
  let quietLooks = 0;
  let cancelLook = (): void => undefined;
  let cancelBeat = (): void => undefined;

  async function look(): Promise<void> {
    if (isReading) return;
    isReading = true;
    cancelLook();
    let wait: number = pace.trouble;
    const joined = joining;
    joining = [];
    try {
      wait = await readOnce();
      if (isInTrouble) sendToPages('fine');
      isInTrouble = false;
    } catch (thrown) {
      isInTrouble = true;
      sendToPages('trouble');
      onTrouble(thrown);
    }
    // They joined before this look: what it has read is at least what their page shows.
    for (const viewer of joined) void catchUp(viewer);
    isReading = false;
    if (viewers.size > 0) cancelLook = clock.after(joining.length > 0 ? 0 : wait, () => void look());
  }

  /** The state is read first: all lines of a run that is over are read when its end is told. */
  async function readOnce(): Promise<number> {
    const state = await source.state();
    const count = await readLines();
    if (state === undefined) {
      for (const viewer of viewers) viewer.end();
      return pace.over;
    }
    quietLooks = state.isOver && count === 0 ? quietLooks + 1 : 0;
    const untold = [...viewers].filter((viewer) => isBehind(viewer, state.version));
    for (const viewer of untold.slice(0, toldAtOnce)) tell(viewer, state.version);
    if (quietLooks >= lastLooks) endLogs();
    if (count > 0 || untold.length > toldAtOnce) return pace.busy;
    return state.isOver ? pace.over : pace.quiet;
  }

  async function readLines(): Promise<number> {
    if (source.read === undefined) return 0;
    let count = 0;
    for (;;) {
      const batch = await source.read(cursor, linesAtOnce);
      cursor = batch.cursor;
      count += batch.lines.length;
      if (batch.lines.length > 0) for (const viewer of viewers) give(viewer, batch);
      if (batch.lines.length < linesAtOnce) return count;
    }
  }

  function give(viewer: Viewer, { lines, cursor: id }: Awaited<ReturnType<RunLog['read']>>): void {
    if (!viewer.isLive) return;
    viewer.cursor = id;
    if (viewer.send({ name: 'lines', id, lines })) return;
    viewer.isLive = false;
    void catchUp(viewer);
  }

  /** Reads for one viewer, at the speed of its connection, until it has what all have. */
  async function catchUp(viewer: Viewer): Promise<void> {
    const letGo = clock.after(stuckMs, () => viewer.cut());
    try {
      await viewer.drained();
      while (source.read !== undefined && viewer.cursor !== cursor && !viewer.isGone()) {
        const until = cursor;
        const batch = await source.read(viewer.cursor, linesAtOnce, until);
        viewer.cursor = batch.lines.length < linesAtOnce ? until : batch.cursor;
        if (batch.lines.length > 0) viewer.send({ name: 'lines', id: viewer.cursor, lines: batch.lines });
        await viewer.drained();
      }
      viewer.isLive = true;
    } catch (thrown) {
      onTrouble(thrown);
      viewer.end();
    } finally {
      letGo();
    }
  }

  function isBehind({ isLive, version: seen }: Viewer, version: string): boolean {
    return isLive && seen !== undefined && seen !== version;
  }

  function tell(viewer: Viewer, version: string): void {
    viewer.version = version;
    viewer.send({ name: 'changed', lines: [version] });
  }

  /** Whether what pages show may be out of date, as nothing can be read. */
  function sendToPages(name: 'trouble' | 'fine'): void {
    for (const viewer of viewers)
      if (viewer.isLive && viewer.version !== undefined) viewer.send({ name, lines: [''] });
  }

  /** Those who want the log alone have it all. */
  function endLogs(): void {
    for (const viewer of viewers) {
      if (!viewer.isLive || viewer.version !== undefined) continue;
      viewer.send({ name: 'end', lines: [''] });
      viewer.end();
    }
  }

  function beat(): void {
    for (const viewer of viewers) viewer.beat();
    cancelBeat = clock.after(beatMs, beat);
  }

  return {
    viewers,
    add(viewer) {
      if (viewers.size === 0) {
        // Nothing is read that the first one has.
        cursor = viewer.cursor;
        cancelBeat = clock.after(beatMs, beat);
      }
      viewers.add(viewer);
      joining.push(viewer);
      void look();
    },
    remove(viewer) {
      viewers.delete(viewer);
      joining = joining.filter((other) => other !== viewer);
      if (viewers.size > 0) return;
      cancelLook();
      cancelBeat();
    },
    end() {
      for (const viewer of viewers) viewer.end();
    },
  };
}
