import { awaitsTime } from '../domain/decision.ts';
import { askFresh, type Run } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { Judgement, Unknown, WantedObject } from '../domain/verdict.ts';
import { nextLook } from '../domain/looks.ts';
import type { ObjectState, ObjectStores } from '../ports/object-store.ts';
import type { FollowUp } from '../ports/queue.ts';
import { plural } from '../report/text.ts';
import type { GateDeps } from './deps.ts';
import { followUpsOf, judgeNow } from './follow-ups.ts';
import { reportStatus } from './report-run.ts';
import { loadOrBegin } from './subject-record.ts';

/** Objects that one look asks for; a fresh evaluation asks for all. */
const maxAsked = 1000;

/** Why a remote may not have answered that can be otherwise the next time. */
const passing = new Set<Unknown['cause']>(['forbidden', 'unreachable']);

/**
 * Pushing data sends no webhook, so the objects that a verdict waits for are asked for again, those alone. When one
 * of them is there now, or a remote that did not answer does, the change is judged afresh; otherwise the status names
 * the next look. A verdict that was not reached for want of time or of an answer is judged again as a whole.
 */
export async function lookAgain(
  subject: Subject,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const host = deps.hosts.get(subject.host);
  const record = await loadOrBegin(deps.store, subject);
  const run = record.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
  if (host === undefined || run?.looks?.next === undefined || run.judgement === undefined) return [];
  const change = await host.changes.read(subject, signal);
  if (change?.state !== 'open' || change.head !== run.change.head) return [judgeNow(subject)];

  if (awaitsTime(run.judgement)) return [judgeNow(subject)];
  const wanted = run.judgement.checks.flatMap((check) => check.wanted).slice(0, maxAsked);
  if (isNews(run.judgement, await askFor(wanted, deps.stores(change.repository, subject.kind), signal))) {
    await deps.store.updateSubject(subject, askFresh);
    return [judgeNow(subject)];
  }
  const now = deps.clock.now();
  const looks = nextLook(run.looks, now, deps.looks);
  const text = `looked again: nothing new about ${plural(wanted.length, 'object')}`;
  const timeline = [...run.timeline, { at: now.toISOString(), text }].slice(-100);
  const saved: Run = await deps.store.saveRun({ ...run, looks, timeline });
  await reportStatus(saved, { subject, host, change, generation: record.generation }, deps, signal);
  return followUpsOf(saved);
}

/** An object that came; or, where the verdict did not know enough, that every object is known of now. */
function isNews(judgement: Judgement, states: readonly ObjectState[]): boolean {
  if (states.some(({ kind }) => kind === 'present')) return true;
  const checks = judgement.checks.filter((check) => check.wanted.length > 0);
  const unanswered = checks.some(({ unknowns }) => unknowns.some(({ cause }) => passing.has(cause)));
  return unanswered && states.length > 0 && states.every(({ kind }) => kind === 'missing');
}

async function askFor(
  wanted: readonly WantedObject[],
  stores: ObjectStores,
  signal: AbortSignal,
): Promise<readonly ObjectState[]> {
  const states: ObjectState[] = [];
  const urls = new Map(wanted.map((object) => [object.url, object.remote]));
  for (const [url, name] of urls) {
    const opened = stores.open({ name, url, settings: {} });
    if (opened.kind !== 'open') continue;
    const objects = wanted.filter((object) => object.url === url);
    states.push(...(await opened.store.stat(objects, signal)));
  }
  return states;
}
