import type { RunSummary } from '../../domain/run-summary.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Operations } from '../../ports/operations.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { RunStore } from '../../ports/run-store.ts';

/** What pages read. */
export interface ReadRuns {
  readonly runLists: RunLists;
  readonly runStore: Pick<RunStore, 'loadRun' | 'loadSubject'>;
  readonly operations: { readonly operations: Pick<Operations, 'currentPause'> };
}

/** An open page has to learn of a pause, which stands above everything else on it. */
async function isPaused({ operations }: ReadRuns): Promise<boolean> {
  return (await operations.operations.currentPause()) !== undefined;
}

/** A run among those of its change. */
export interface Standing {
  readonly summary: RunSummary;
  /** The newest run of the change, where it is another one. */
  readonly newer: RunSummary | undefined;
  /** Somebody asked for a fresh judgement that has not begun. */
  readonly asked: boolean;
  readonly paused: boolean;
}

/** How a run stands today. A run is kept just before it becomes the newest itself: while it runs it has no newer one. */
export async function standingOf(summary: RunSummary, deps: ReadRuns): Promise<Standing> {
  const [record, paused] = await Promise.all([deps.runStore.loadSubject(summary.subject), isPaused(deps)]);
  const asked = record !== undefined && record.fresh > record.runFresh;
  const newest = record?.runId;
  const isNewest = summary.state === 'running' || newest === undefined || newest === summary.id;
  return { summary, newer: isNewest ? undefined : await deps.runLists.summary(newest), asked, paused };
}

/** A short text that is another one whenever the run's page is. */
export function versionOf({ summary, newer, asked, paused }: Standing): string {
  return [summary.rev, newer?.id ?? '', newer?.rev ?? '', waits(asked, paused)].join('.');
}

/** A change with its runs, newest first; undefined when none is known. */
export interface ChangeStanding {
  readonly runs: readonly [RunSummary, ...RunSummary[]];
  readonly asked: boolean;
  readonly paused: boolean;
}

const listedRuns = 100;

/** How a change stands today. */
export async function changeStandingOf(
  subject: Subject,
  deps: ReadRuns,
): Promise<ChangeStanding | undefined> {
  const [record, listed, paused] = await Promise.all([
    deps.runStore.loadSubject(subject),
    deps.runLists.ofSubject(subject, listedRuns),
    isPaused(deps),
  ]);
  const newest = record?.runId;
  // A version before this index wrote the newest run; and a run begins again under its old place in the index.
  const known = listed.find(({ id }) => id === newest);
  const first = known ?? (newest === undefined ? undefined : await deps.runLists.summary(newest));
  const [head, ...rest] = first === undefined ? listed : [first, ...listed.filter((run) => run !== known)];
  if (head === undefined) return undefined;
  return { runs: [head, ...rest], asked: record !== undefined && record.fresh > record.runFresh, paused };
}

/** A short text that is another one whenever the change's page is. */
export function changeVersionOf({ runs, asked, paused }: ChangeStanding): string {
  return [runs[0].id, runs[0].rev, runs.length, waits(asked, paused)].join('.');
}

function waits(asked: boolean, paused: boolean): string {
  return `${asked ? 'asked' : ''}${paused ? 'paused' : ''}`;
}
