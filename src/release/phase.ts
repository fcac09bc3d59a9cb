import { shortSha, type Sha } from '../domain/repository.ts';
import type { PhaseName } from '../domain/release-phases.ts';
import type { Release, ReleaseFacts, ReleaseLine, ReleaseOutcome } from '../domain/release.ts';
import type { ReleaseWorld } from './world.ts';

/** What a phase decides to do next, from the record and what it saw. */
export type Next<Effect> =
  /** Does the effect, which the record names before it is done, and looks again. `note` is for the timeline. */
  | (Kept & { readonly kind: 'act'; readonly effect: Effect; readonly note: string })
  /** Looks again after so many milliseconds. */
  | (Kept & { readonly kind: 'wait'; readonly ms: number; readonly note?: string | undefined })
  /** `reason`: why it takes another way than the straight one. */
  | (Kept & {
      readonly kind: 'go';
      readonly to: PhaseName;
      readonly note: string;
      readonly reason?: string | undefined;
    })
  | (Kept & End)
  /**
   * Waits for people, and looks again now and then, because the reason may go away by itself. `code` names the reason in the
   * log; where people resume the release, the phase is asked with the time of it.
   */
  | (Kept & {
      readonly kind: 'hold';
      readonly code: string;
      readonly reason: string;
      readonly remedy: string;
    });

interface Kept {
  /** What was learnt, kept in the record. */
  readonly facts?: ReleaseFacts | undefined;
}

/** The end of a release. */
export interface End {
  readonly kind: 'end';
  readonly outcome: ReleaseOutcome;
  /** One sentence for people. */
  readonly reason: string;
  /** The platform failed, not what was released: another attempt may do better. */
  readonly again?: boolean | undefined;
}

/** A release that waits for people makes way for a newer commit, where nothing of it is left to be finished. */
export function makesWay(newer: Sha, why: string): End {
  return { kind: 'end', outcome: 'superseded', reason: `superseded by ${shortSha(newer)}: ${why}` };
}

/** What every phase is asked with. */
export interface Asked<Seen> {
  readonly release: Release;
  readonly seen: Seen;
  readonly now: Date;
  /** The newest commit that waits behind this one. */
  readonly newer: Sha | undefined;
  /** When people resumed the release, ISO; undefined: never. What the phase holds for was looked at by then. */
  readonly resumed: string | undefined;
}

/**
 * One phase. `observe` reads the world, `next` is pure, `perform` changes the world. Everything that was done must be seen
 * by `observe`: the record may be older than the world, and may even be gone.
 */
export interface Phase<Seen, Effect extends { readonly name: string }> {
  readonly name: PhaseName;
  observe(release: Release, world: ReleaseWorld, signal: AbortSignal, line: ReleaseLine): Promise<Seen>;
  next(asked: Asked<Seen>): Next<Effect>;
  perform(effect: Effect, release: Release, world: ReleaseWorld, signal: AbortSignal): Promise<void>;
}

/** When an effect of this name was begun last, in ms since 1970; undefined: never. */
export function intended({ intents }: Release, name: string): number | undefined {
  const at = intents[name];
  return at === undefined ? undefined : new Date(at).getTime();
}

/** Milliseconds since an ISO time. */
export function since(at: string, now: Date): number {
  return now.getTime() - new Date(at).getTime();
}
