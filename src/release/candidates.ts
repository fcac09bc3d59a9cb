import type { Candidate, Release, ReleaseLine } from '../domain/release.ts';
import type { Sha } from '../domain/repository.ts';
import type { Run } from '../domain/run.ts';
import { releaseIdOf } from './ids.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The commit that wants to be released, if the newest judged tip of the branch is green and news to the line. */
export function candidateOf(
  { settled, released, active, waiting }: ReleaseLine,
  tip: Run | undefined,
): Omit<Candidate, 'branch'> | undefined {
  if (tip?.state !== 'judged' || tip.decision === undefined || tip.trouble !== undefined) return undefined;
  const { head: commit } = tip.change;
  const green = !tip.decision.blocking;
  const known = [settled, released, active, waiting].some((one) => one?.commit === commit);
  return green && !known ? { commit, attempt: 1 } : undefined;
}

/** The next attempt begins: what waits becomes active. undefined: nothing waits, or the line may not go on. */
export function beginNext(line: ReleaseLine, now: Date): ReleaseLine | undefined {
  if (line.active !== undefined || line.waiting === undefined || line.hold !== undefined) return undefined;
  const recent = line.started.filter((at) => now.getTime() - new Date(at).getTime() < dayMs);
  return {
    ...line,
    active: line.waiting,
    waiting: undefined,
    started: [...recent, now.toISOString()],
  };
}

/** Whether the limit of a day is reached. */
export function isOverLimit(line: ReleaseLine, perDay: number, now: Date): boolean {
  return line.started.filter((at) => now.getTime() - new Date(at).getTime() < dayMs).length >= perDay;
}

/** The line after its active release has ended. A release that was superseded is not settled: the next one includes it. */
export function settle(line: ReleaseLine, release: Release, at: string): ReleaseLine {
  const { commit, id: releaseId, outcome, attempt, branch, model } = release;
  const settled = { commit, releaseId, at };
  const freed: ReleaseLine = { ...line, active: undefined };
  if (outcome === 'superseded') return freed;
  // Nothing began, so nothing counts.
  const started = outcome === 'nothing-to-release' ? line.started.slice(0, -1) : line.started;
  if (outcome === 'released')
    return { ...freed, settled, released: { ...settled, metrics: model?.metrics ?? {} } };
  if (release.intents[tryAgain] !== undefined) {
    // What waits has everything that this commit has: as long as this is not settled, it counts there.
    if (line.waiting !== undefined) return freed;
    if (attempt < mostAttempts) return { ...freed, waiting: { commit, branch, attempt: attempt + 1 } };
  }
  return { ...freed, started, settled };
}

/** Noted where the platform failed, not what was released: another attempt may do better. */
export const tryAgain = 'try-again';

/** Attempts of one commit that are made without people. */
const mostAttempts = 2;

/** The record that an attempt begins with. `seenBefore`: the host knows of it, although we do not. */
export function newRelease(
  { line, repository, released }: ReleaseLine,
  { commit, branch, attempt }: Candidate,
  { at, seenBefore }: { readonly at: string; readonly seenBefore: boolean },
): Release {
  return {
    v: 1,
    rev: 0,
    id: releaseIdOf(line, { commit, attempt }),
    line,
    repository,
    branch,
    commit,
    attempt,
    began: at,
    since: released?.commit,
    trigger: undefined,
    plan: undefined,
    phase: 'plan',
    phaseSince: at,
    outcome: undefined,
    reason: undefined,
    hold: undefined,
    wakeAt: undefined,
    // Our records are gone, and a run may have been asked for a moment before: it is looked for before it is asked for.
    intents: seenBefore ? { 'create-run': at } : {},
    training: undefined,
    model: undefined,
    published: undefined,
    rollout: undefined,
    timeline: [{ at, text: seenBefore ? 'begun again: our records were gone' : 'begun' }],
    memory: {},
  };
}

/** A commit that was passed over by a newer one. */
export function supersededRelease(
  line: ReleaseLine,
  candidate: Candidate,
  { by, at }: { readonly by: Sha; readonly at: string },
): Release {
  const release = newRelease(line, candidate, { at, seenBefore: false });
  const reason = `superseded by ${by.slice(0, 8)}`;
  return { ...release, outcome: 'superseded', reason, timeline: [...release.timeline, { at, text: reason }] };
}
