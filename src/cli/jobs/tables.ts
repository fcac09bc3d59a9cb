import { durationText } from '../../domain/duration.ts';
import type { AuditEntry, FailedJob, OperationsState, WorkerState } from '../../domain/operations.ts';
import { subjectWords } from '../../domain/operations.ts';
import { ageOf, isSlow, judges, symptomsOf } from '../../domain/symptoms.ts';
import type { StuckLimits } from '../../domain/symptoms.ts';
import { oneLine, plural, timeText } from '../../report/text.ts';
import { table } from '../table.ts';

/** What tables are made against. */
export interface Moment {
  readonly now: Date;
  readonly limits: StuckLimits;
}

/** Something wrong, and what to do about it. */
interface Wrong {
  readonly level: string;
  readonly what: string;
  readonly remedy: string;
}

/** Pause, workers, queues, and what is wrong, with Redis first: it may be the reason of all else. */
export function stateText(state: OperationsState, redis: readonly Wrong[], moment: Moment): string {
  const { pause, workers, queues, failed } = state;
  const effects =
    pause === undefined
      ? ['effects: not paused']
      : [
          `effects: PAUSED since ${timeText(pause.at)} by ${oneLine(pause.actor)}: ${oneLine(pause.reason)}`,
          '  modelgate jobs resume lets them happen again.',
        ];
  const age = (at: string | undefined): string =>
    at === undefined ? '-' : durationText(ageOf(at, moment.now));
  const rows = queues.map(({ queue, waiting, oldestWaiting, active, oldestActive }) => {
    return [queue, String(waiting), age(oldestWaiting), String(active), age(oldestActive)];
  });
  const symptoms = symptomsOf(state, moment.now, moment.limits).filter(({ code }) => code !== 'paused');
  return [
    ...effects,
    `${workersWords(workers)}, ${plural(failed, 'failed job')}, ${plural(state.wakeUps.count, 'job')} stored for later`,
    '',
    ...table(['QUEUE', 'WAITING', 'OLDEST', 'AT WORK', 'OLDEST'], rows),
    ...[...redis, ...symptoms].flatMap(({ level, what, remedy }) => [
      '',
      `${level}: ${oneLine(what)}`,
      `  ${remedy}`,
    ]),
    '',
  ].join('\n');
}

/** How many live, and how many of them judge. */
function workersWords(workers: readonly WorkerState[]): string {
  const judging = workers.filter(judges).length;
  const all = plural(workers.length, 'worker');
  return judging === workers.length
    ? all
    : `${all} (${judging === 0 ? 'none judges' : `${judging} of them judge`})`;
}

/** Jobs that fail: one line each, and the reason below it. */
export function failedText(failed: readonly FailedJob[], total: number, { now }: Moment): string {
  if (failed.length === 0) return 'No job fails.\n';
  const lines = failed.flatMap(({ key, attempts, since, reason, next, newer }) => {
    const tries = newer ? 'for a newer version' : `failed ${plural(attempts, 'time')}`;
    const first = `since ${durationText(ageOf(since, now))}`;
    return [`${oneLine(key)}  ${tries}, ${first}, ${nextTry(next, now)}`, `  ${oneLine(reason)}`];
  });
  const more = total > failed.length ? [`and ${total - failed.length} more`] : [];
  return `${[...lines, ...more].join('\n')}\n`;
}

function nextTry(next: string | undefined, now: Date): string {
  if (next === undefined) return 'given up';
  const wait = new Date(next).getTime() - now.getTime();
  return wait <= 0 ? 'next try now' : `next try in ${durationText(wait)}`;
}

/** The workers, each with the jobs it is at. */
export function workersText(workers: readonly WorkerState[], { now, limits }: Moment): string {
  if (workers.length === 0) return 'No worker gave a sign of life within 30 seconds.\n';
  const lines = workers.flatMap(({ id, version, queues, at, loopDelayMs, jobs }) => [
    `${oneLine(id)}  version ${oneLine(version)}, queues ${queues.join(' ')}, sign of life ${durationText(ageOf(at, now))} ago, event loop late by ${loopDelayMs} ms`,
    ...jobs.map(({ kind, ids, since }) => {
      const slow = isSlow(since, now, limits.activeMs) ? '  SLOW' : '';
      return `  ${kind} ${oneLine(subjectWords(ids))} for ${durationText(ageOf(since, now))}${slow}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}

/** What people did, newest first. */
export function auditText(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'Nobody did anything yet.\n';
  const rows = entries.map(({ at, actor, action, subject, reason }) =>
    [timeText(at), actor, action, subject, reason].map(oneLine),
  );
  return `${table(['TIME', 'WHO', 'WHAT', 'TO WHAT', 'WHY'], rows).join('\n')}\n`;
}
