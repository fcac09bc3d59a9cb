import { phaseTable } from '../domain/release-phases.ts';
import type { Hold } from '../domain/hold.ts';
import { entering, type Release, type ReleaseLine, type ReleaseOutcome } from '../domain/release.ts';
import { UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import { tryAgain } from './candidates.ts';
import { intended, type Next, type Phase } from './phase.ts';
import { phases } from './phases/index.ts';
import type { ReleaseWorld } from './world.ts';

/** What a step is made with. */
export interface StepDeps {
  readonly releases: Pick<ReleaseStore, 'saveRelease'>;
  readonly world: ReleaseWorld;
  readonly log: Log;
}

/** What a step came to. `again`: there is more to do at once; otherwise the record says when. */
export interface Stepped {
  readonly release: Release;
  readonly again: boolean;
}

/** Refusals that no waiting and no other credential will change: they end the release. */
const final = new Set([
  'kubeflow-refused',
  'cluster-refused',
  'service-not-supported',
  'model-missing',
  'digest-mismatch',
  'address-not-bound',
  'address-taken',
  'file-too-large',
  'pipeline-gone',
]);

/** What was done and is not seen yet is not done again within these milliseconds: the world may need a moment. */
const repeatMs = 1000;

/**
 * One step of a release: observe, decide, keep what was decided, do it. What is done is named in the record before it is
 * done, and is looked for afterwards: dying anywhere in between ends in the same place.
 *
 * @throws RetryableError where the world or Redis does not answer: the same step is made again later.
 */
export function makeStep(
  release: Release,
  line: ReleaseLine,
  deps: StepDeps,
  signal: AbortSignal,
): Promise<Stepped> {
  return phases[release.phase].with((phase) => stepOf(phase, { release, line }, deps, signal));
}

async function stepOf<Seen, Effect extends { readonly name: string }>(
  phase: Phase<Seen, Effect>,
  { release, line }: { readonly release: Release; readonly line: ReleaseLine },
  deps: StepDeps,
  signal: AbortSignal,
): Promise<Stepped> {
  const { world } = deps;
  let kept = release;
  try {
    const seen = await phase.observe(release, world, signal, line);
    const now = world.clock.now();
    const newer = line.waiting?.commit;
    const wanted = phase.next({ release, seen, now, newer, resumed: release.intents['resumed'] });
    const next = isHasty(wanted, release, now) ? ({ kind: 'wait', ms: repeatMs } as const) : wanted;
    if (next.kind === 'act') await world.permit();
    const saved = await keep(release, next, { deps, now });
    kept = saved.release;
    if (next.kind !== 'act') return saved;
    await act(phase, next.effect, { release: kept, world, began: now }, signal);
    return saved;
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof UserError)) throw thrown;
    return keep(kept, refused(thrown, kept), { deps, now: world.clock.now() });
  }
}

/** Somebody else may have begun the same effect if this process stood still: then looking comes first. */
async function act<Seen, Effect extends { readonly name: string }>(
  phase: Phase<Seen, Effect>,
  effect: Effect,
  {
    release,
    world,
    began,
  }: { readonly release: Release; readonly world: ReleaseWorld; readonly began: Date },
  signal: AbortSignal,
): Promise<void> {
  if (world.clock.now().getTime() - began.getTime() > world.timing.intentMs) return;
  await phase.perform(effect, release, world, signal);
}

/** Whether the same effect was begun a moment ago. */
function isHasty<Effect extends { readonly name: string }>(
  next: Next<Effect>,
  release: Release,
  now: Date,
): boolean {
  if (next.kind !== 'act') return false;
  const begun = intended(release, next.effect.name);
  return begun !== undefined && Math.abs(now.getTime() - begun) < repeatMs;
}

/**
 * What people have to repair ends the release, or holds it until it is repaired. A model that may serve and is not proven is
 * not left alone with that: there is always something to hold for.
 */
function refused({ code, message, remedy }: UserError, { phase, rollout }: Release): Next<never> {
  const isOut = rollout?.applied !== undefined && phaseTable[phase].taken !== 'on-failure';
  if (final.has(code) && !isOut) return { kind: 'end', outcome: 'failed', reason: `${message}. ${remedy}` };
  return { kind: 'hold', code, reason: message, remedy };
}

async function keep<Effect extends { readonly name: string }>(
  release: Release,
  next: Next<Effect>,
  { deps, now }: { readonly deps: StepDeps; readonly now: Date },
): Promise<Stepped> {
  const changed = after(release, next, { now, holdMs: deps.world.timing.holdMs });
  const same =
    next.kind === 'wait' &&
    JSON.stringify({ ...changed, wakeAt: '' }) === JSON.stringify({ ...release, wakeAt: '' });
  const saved = same ? changed : await deps.releases.saveRelease(changed);
  const entry = saved.timeline.at(-1);
  if (entry !== undefined && saved.timeline.length !== release.timeline.length)
    tell(next, { phase: saved.phase, step: entry.text }, deps.log);
  return { release: saved, again: next.kind === 'act' || next.kind === 'go' };
}

const outcomeWords: Readonly<Record<ReleaseOutcome, string>> = {
  released: 'released',
  'nothing-to-release': 'nothing to release',
  failed: 'failed',
  'rolled-back': 'put back',
  superseded: 'superseded',
};

/** What people have to know of is a warning: at night nobody reads more. */
function tell(next: Next<{ readonly name: string }>, fields: object, log: Log): void {
  const isBad = next.kind === 'end' && (next.outcome === 'failed' || next.outcome === 'rolled-back');
  if (next.kind === 'hold')
    log.warn({ ...fields, code: next.code, remedy: next.remedy }, 'a release waits for people');
  else if (isBad) log.warn(fields, 'a release came to no good end');
  else log.info(fields, 'releasing');
}

/** The record after a decision. */
export function after<Effect extends { readonly name: string }>(
  release: Release,
  next: Next<Effect>,
  { now, holdMs }: { readonly now: Date; readonly holdMs: number },
): Release {
  const at = now.toISOString();
  const known: Release = { ...release, ...next.facts, trouble: undefined };
  switch (next.kind) {
    case 'act':
      return noted(
        { ...known, hold: undefined, intents: { ...known.intents, [next.effect.name]: at } },
        next.note,
        at,
      );
    case 'wait':
      return noted({ ...known, hold: undefined, wakeAt: inMs(now, next.ms) }, next.note, at);
    case 'go': {
      const { reason = known.reason } = next;
      return noted({ ...known, ...entering(known, next.to, at), hold: undefined, reason }, next.note, at);
    }
    case 'end': {
      const { outcome, reason } = next;
      const intents = next.again === true ? { ...known.intents, [tryAgain]: at } : known.intents;
      const ended = { ...known, outcome, reason, intents, hold: undefined, wakeAt: undefined };
      return noted(ended, `${outcomeWords[outcome]}: ${reason}`, at);
    }
    case 'hold': {
      const hold: Hold = {
        at: known.hold?.at ?? at,
        actor: 'modelgate',
        reason: next.reason,
        remedy: next.remedy,
      };
      return noted({ ...known, hold, wakeAt: inMs(now, holdMs) }, `held: ${next.reason}`, at);
    }
    default:
      throw new Error(`unknown decision ${String(next satisfies never)}`);
  }
}

function inMs(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}

/** The same thing is said once, however often it is seen. */
function noted(release: Release, text: string | undefined, at: string): Release {
  if (text === undefined || release.timeline.at(-1)?.text === text) return release;
  return { ...release, timeline: [...release.timeline, { at, text }].slice(-200) };
}
