import { durationText } from '../../domain/duration.ts';
import type {
  ActiveJob,
  AuditEntry,
  FailedJob,
  OperationsState,
  Pause,
  QueueState,
  WorkerState,
} from '../../domain/operations.ts';
import { subjectWords } from '../../domain/operations.ts';
import type { HeldLine } from '../../domain/release-figures.ts';
import { ageOf, isSlow, symptomsOf } from '../../domain/symptoms.ts';
import type { StuckLimits } from '../../domain/symptoms.ts';
import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { plural, timeText } from '../text.ts';
import { heldReleases } from './release/held.ts';
import { layout, section, table } from './layout.ts';
import type { ShownTo } from './layout.ts';

/** What the page shows. */
export interface OperationsView {
  readonly state: OperationsState;
  readonly failed: readonly FailedJob[];
  readonly audit: readonly AuditEntry[];
  /** Lines and releases that wait for people. */
  readonly held?: readonly HeldLine[];
  readonly limits: StuckLimits;
  readonly now: Date;
  readonly visitor?: ShownTo | undefined;
}

/** What runs, waits, fails and was done by hand, with what somebody can do about it. */
export function renderOperationsPage(view: OperationsView): Html {
  const { state, failed, audit, visitor } = view;
  const body = [
    markup`<h1>Operations</h1>\n`,
    symptoms(view),
    section('Effects', effects(state.pause)),
    section('Workers', workers(view)),
    section('Queues', [queues(view), wakeUps(view)]),
    section('Failed jobs', failedJobs(failed, view)),
    section('Releases that wait for people', heldReleases(view.held ?? [], view.now)),
    section('What people did', deeds(audit)),
  ];
  return layout({ title: 'modelgate: operations', crumbs: [{ words: 'Operations' }], visitor, body });
}

/** Stands on every page while effects are paused: what people wait for does not come. */
export function renderPauseNotice(pause: Pause): Html {
  return markup`<div class="verdict waiting" role="status"><strong>Paused.</strong> Nothing is written to the Git hosts since ${timeText(pause.at)}: ${pause.reason}. Changes are judged when the pause is over; none is lost.</div>\n`;
}

function symptoms({ state, now, limits }: OperationsView): readonly Html[] {
  return symptomsOf(state, now, limits)
    .filter(({ code }) => code !== 'paused')
    .map(({ level, what, remedy }) => {
      const tone = level === 'error' ? 'failed' : 'waiting';
      return markup`<p class="verdict ${tone}"><strong>${sentence(what)}</strong> ${remedy}</p>\n`;
    });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function effects(pause: Pause | undefined): Html {
  if (pause === undefined) {
    return markup`<p>Verdicts are written to the Git hosts as they come.</p>
<form method="post" action="/operations/pause">
<label for="reason">Reason, for everybody to read</label>
<input id="reason" name="reason" required maxlength="300" autocomplete="off">
<button type="submit">Pause all effects</button>
</form>\n`;
  }
  const { at, actor, reason } = pause;
  return markup`<p><strong>Paused</strong> by ${actor} since ${timeText(at)}: ${reason}</p>
<p>Webhooks are taken in, changes wait in the queue, and nothing is written to any host.</p>
<form method="post" action="/operations/resume">
<button type="submit">Resume effects</button>
</form>\n`;
}

function workers(view: OperationsView): HtmlPart {
  const rows = view.state.workers.map((worker) => workerRow(worker, view));
  const list = table(
    'Workers',
    ['worker', 'version', 'queues', 'sign of life', 'event loop late by', 'at work on'],
    rows,
  );
  return list ?? markup`<p>No worker lives.</p>\n`;
}

function workerRow(worker: WorkerState, { now, limits }: OperationsView): readonly HtmlPart[] {
  const { id, version, queues: names, at, loopDelayMs, jobs, started } = worker;
  const up = started === '' ? '' : `up for ${durationText(ageOf(started, now))}`;
  return [
    markup`<code>${id}</code> <span class="quiet">${up}</span>`,
    version,
    names.join(', '),
    `${durationText(ageOf(at, now))} ago`,
    `${loopDelayMs} ms`,
    jobs.length === 0 ? 'nothing' : jobs.map((job) => activeJob(job, now, limits)),
  ];
}

function activeJob({ kind, ids, since }: ActiveJob, now: Date, { activeMs }: StuckLimits): Html {
  const slow = isSlow(since, now, activeMs) ? markup` <strong class="word-failed">slow</strong>` : undefined;
  const age = durationText(ageOf(since, now));
  return markup`<div>${kind} ${subjectWords(ids)}, for ${age}${slow}</div>\n`;
}

function queues({ state, now, limits }: OperationsView): HtmlPart {
  const since = (at: string | undefined): string =>
    at === undefined ? 'none' : durationText(ageOf(at, now));
  const waits = ({ oldestWaiting }: QueueState): HtmlPart =>
    isSlow(oldestWaiting ?? now.toISOString(), now, limits.waitingMs)
      ? markup`<strong class="word-failed">${since(oldestWaiting)}</strong>`
      : since(oldestWaiting);
  const rows = state.queues.map((queue) => {
    const { queue: name, waiting, active, oldestActive } = queue;
    return [name, waiting, waits(queue), active, since(oldestActive)];
  });
  return table('Queues', ['queue', 'waiting', 'oldest waits', 'at work', 'oldest at work'], rows);
}

function wakeUps({ state, now }: OperationsView): Html {
  const { count, next } = state.wakeUps;
  const wait = next === undefined ? 0 : new Date(next).getTime() - now.getTime();
  const due = wait <= 0 ? 'now' : `in ${durationText(wait)}`;
  const first = next === undefined ? '' : `, the first of them ${due}`;
  return markup`<p>${plural(count, 'job')} stored for later${first}.</p>\n`;
}

function failedJobs(failed: readonly FailedJob[], { state, now }: OperationsView): HtmlPart {
  const rows = failed.map((job) => [
    markup`${job.kind} <code>${subjectWords(job.ids)}</code>`,
    job.newer ? 'newer version' : plural(job.attempts, 'try'),
    `${durationText(ageOf(job.since, now))} ago`,
    job.reason,
    nextTry(job, now),
    retryForm(job),
  ]);
  const list = table('Failed jobs', ['job', 'failed', 'first', 'why', 'next try', 'action'], rows);
  if (list === undefined) return markup`<p>None.</p>\n`;
  const more = state.failed - failed.length;
  return more > 0 ? [list, markup`<p class="quiet">And ${more} more: modelgate jobs failed.</p>\n`] : list;
}

function nextTry({ next }: FailedJob, now: Date): string {
  if (next === undefined) return 'given up';
  const wait = new Date(next).getTime() - now.getTime();
  return wait <= 0 ? 'now' : `in ${durationText(wait)}`;
}

function retryForm({ key, kind, ids }: FailedJob): Html {
  return markup`<form method="post" action="/operations/retry"><input type="hidden" name="key" value="${key}"><button type="submit" aria-label="Retry ${kind} ${subjectWords(ids)}">Retry</button></form>`;
}

function deeds(entries: readonly AuditEntry[]): HtmlPart {
  const rows = entries.map(({ at, actor, action, subject, reason }) => [
    timeText(at),
    actor,
    action,
    markup`<code>${subject}</code>`,
    reason,
  ]);
  return (
    table('What people did', ['time', 'who', 'what', 'to what', 'why'], rows) ?? markup`<p>Nothing yet.</p>\n`
  );
}
