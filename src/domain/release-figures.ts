import type { Hold } from './hold.ts';
import type { PhaseName } from './release-phases.ts';
import type { Release, ReleaseLine, ReleaseOutcome } from './release.ts';
import { endOf } from './release.ts';
import { ageOf } from './symptoms.ts';

/** Something that waits until people have looked at it: a line, or the release under way in it. */
export interface HeldLine {
  readonly line: ReleaseLine;
  /** The release that is held itself; undefined: the line is. */
  readonly release: Release | undefined;
  readonly hold: Hold;
}

/** What is held in a line, the line itself first. `releases`: those that may be under way. */
export function heldIn(line: ReleaseLine, releases: readonly Release[]): readonly HeldLine[] {
  const own: readonly HeldLine[] =
    line.hold === undefined ? [] : [{ line, release: undefined, hold: line.hold }];
  const held = releases.flatMap((release): readonly HeldLine[] =>
    release.hold === undefined || release.outcome !== undefined
      ? []
      : [{ line, release, hold: release.hold }],
  );
  return [...own, ...held];
}

/** How long it is that a line released something; undefined: it never did. Seconds. */
export function secondsSinceRelease(
  { released }: Pick<ReleaseLine, 'released'>,
  now: Date,
): number | undefined {
  return released === undefined ? undefined : ageOf(released.at, now) / 1000;
}

/** What a change of a release's record adds to the figures. Seconds. */
export interface ReleaseFigures {
  /** The phase that was left by it. */
  readonly phase: { readonly name: PhaseName; readonly seconds: number } | undefined;
  readonly outcome: ReleaseOutcome | undefined;
}

/** The figures of a step, from the records before and after it. */
export function releaseFigures(before: Release, after: Release): ReleaseFigures {
  const ended = before.outcome === undefined && after.outcome !== undefined;
  const left = before.phase !== after.phase || ended;
  const until = ended && before.phase === after.phase ? endOf(after) : after.phaseSince;
  const ms = Date.parse(until ?? after.phaseSince) - Date.parse(before.phaseSince);
  return {
    phase: left && Number.isFinite(ms) ? { name: before.phase, seconds: Math.max(0, ms / 1000) } : undefined,
    outcome: ended ? after.outcome : undefined,
  };
}
