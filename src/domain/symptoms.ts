import { durationText } from './duration.ts';
import type { OperationsState, WorkerState } from './operations.ts';
import { subjectWords } from './operations.ts';

/** From when on something counts as stuck. Milliseconds. */
export interface StuckLimits {
  /** A job that waits longer. */
  readonly waitingMs: number;
  /** A job that is at work longer. */
  readonly activeMs: number;
}

/** Something about the installation that somebody should look at. */
export interface Symptom {
  readonly code: 'paused' | 'no-worker' | 'waiting-long' | 'active-long' | 'jobs-fail';
  /** `note`: as somebody wanted it, or harmless so far. */
  readonly level: 'error' | 'note';
  /** What it is about, where several can be told at the same time. */
  readonly subject: string;
  readonly what: string;
  readonly remedy: string;
}

/** What is wrong, or unusual, at this moment. */
export function symptomsOf(state: OperationsState, now: Date, limits: StuckLimits): readonly Symptom[] {
  return [
    ...pausedSymptom(state),
    ...workerSymptom(state),
    ...waitingSymptoms(state, now, limits),
    ...activeSymptoms(state, now, limits),
    ...failedSymptom(state),
  ];
}

function pausedSymptom({ pause }: OperationsState): readonly Symptom[] {
  if (pause === undefined) return [];
  const what = `effects are paused since ${pause.at}: webhooks are taken in, and nothing is written to any host`;
  const remedy = 'The page /operations says who paused and why; modelgate jobs resume ends it.';
  return [{ code: 'paused', level: 'note', subject: '', what, remedy }];
}

function workerSymptom({ workers }: OperationsState): readonly Symptom[] {
  if (workers.some(judges)) return [];
  const others = workers.length > 0 ? ' that judges' : '';
  const what = `no worker gave a sign of life within 30 seconds${others}: webhooks are taken in, and nothing is judged`;
  const remedy = 'Start one (modelgate worker), or look into the log of the one that should run.';
  return [{ code: 'no-worker', level: 'error', subject: '', what, remedy }];
}

/** A worker of the role release judges nothing. */
export function judges({ queues }: Pick<WorkerState, 'queues'>): boolean {
  return queues.includes('gate');
}

/** Queues that a pause of effects holds. */
const paused: ReadonlySet<string> = new Set(['gate', 'release']);

/** Where no worker lives, or somebody paused, it is known why jobs wait. */
function waitingSymptoms(
  { queues, workers, pause }: OperationsState,
  now: Date,
  { waitingMs }: StuckLimits,
): readonly Symptom[] {
  if (!workers.some(judges)) return [];
  return queues.flatMap(({ queue, waiting, oldestWaiting }) => {
    const age = ageOf(oldestWaiting, now);
    if (age <= waitingMs || (pause !== undefined && paused.has(queue))) return [];
    const isTaken = workers.some((worker) => worker.queues.includes(queue));
    const although = isTaken ? 'although workers live' : 'and no worker takes it';
    const what = `the oldest of ${waiting} jobs in the queue ${queue} waits for ${durationText(age)}, ${although}`;
    const remedy = isTaken
      ? 'See what the workers do (modelgate jobs workers): start more, raise gate.concurrency, or end one that is stuck.'
      : `Start one that does (modelgate worker --role ${queue === 'release' ? 'release' : 'all'}).`;
    return [{ code: 'waiting-long', level: 'error', subject: queue, what, remedy } as const];
  });
}

function activeSymptoms(
  { workers }: OperationsState,
  now: Date,
  { activeMs }: StuckLimits,
): readonly Symptom[] {
  return workers.flatMap(({ id, jobs }) =>
    jobs
      .filter(({ since }) => isSlow(since, now, activeMs))
      .map(({ kind, ids, since }) => {
        const age = durationText(ageOf(since, now));
        const what = `a job ${kind} (${subjectWords(ids)}) is at work for ${age} on ${id}`;
        const remedy =
          'Its log says at which step it is. End the worker if it stays: the job goes to another one.';
        const subject = `${id} ${kind} ${subjectWords(ids)}`;
        return { code: 'active-long', level: 'error', subject, what, remedy } as const;
      }),
  );
}

function failedSymptom({ failed }: OperationsState): readonly Symptom[] {
  if (failed === 0) return [];
  const what =
    failed === 1
      ? '1 job fails and waits for its next try'
      : `${failed} jobs fail and wait for their next try`;
  const remedy = 'modelgate jobs failed names them and why; modelgate jobs retry tries one at once.';
  return [{ code: 'jobs-fail', level: 'note', subject: '', what, remedy }];
}

/** Whether something that began then has taken longer than it may. */
export function isSlow(since: string, now: Date, limitMs: number): boolean {
  return ageOf(since, now) > limitMs;
}

/** Milliseconds since then; 0 where there is nothing, or another clock is ahead. */
export function ageOf(since: string | undefined, now: Date): number {
  return since === undefined ? 0 : Math.max(0, now.getTime() - new Date(since).getTime());
}
