import type { Hold } from '../../domain/hold.ts';
import { lineKey, type Release, type ReleaseLine } from '../../domain/release.ts';
import type { Deed } from '../../ports/operations.ts';

/** Timelines do not grow without end. */
const mostEntries = 200;

/** The hold that a person puts on a line. */
export function holdOf(
  { line }: Pick<ReleaseLine, 'line'>,
  { actor, reason }: Deed & { readonly reason: string },
  at: string,
): Hold {
  const remedy = `Look at it with ${actor}; modelgate release resume ${lineKey(line)} ends it.`;
  return { at, actor, reason, remedy };
}

/** The line without its hold. Where modelgate held it, because too many releases began, the count begins anew. */
export function resumedLine(line: ReleaseLine): ReleaseLine {
  const counted = line.hold?.actor === 'modelgate' ? [] : line.started;
  return { ...line, hold: undefined, started: counted };
}

/** The release without its hold; that people looked at it is kept for the phase that asked for it. */
export function resumedRelease(release: Release, { actor, reason = '' }: Deed, at: string): Release {
  const why = reason === '' ? '' : `: ${reason}`;
  return {
    ...release,
    hold: undefined,
    wakeAt: undefined,
    intents: { ...release.intents, resumed: at },
    timeline: [...release.timeline, { at, text: `resumed by ${actor}${why}` }].slice(-mostEntries),
  };
}
