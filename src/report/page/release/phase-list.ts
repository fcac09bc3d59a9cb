import { durationText } from '../../../domain/duration.ts';
import type { Release } from '../../../domain/release.ts';
import { markup, type Html } from '../../html.ts';
import { phasesOf, type ShownPhase } from '../../release/phases.ts';
import { timeOf } from '../layout.ts';
import { stateMark } from '../mark.ts';
import type { Outcome } from '../verdict-words.ts';

const marks: Readonly<Record<ShownPhase['state'], Pick<Outcome, 'tone' | 'word'>>> = {
  done: { tone: 'passed', word: 'done' },
  now: { tone: 'running', word: 'now' },
  failed: { tone: 'failed', word: 'failed' },
  'to-come': { tone: 'ended', word: 'to come' },
};

/** The phases of a release with their times, one below the other. */
export function phaseList(release: Release, now: Date): Html {
  const items = phasesOf(release).map((phase) => {
    const took = tookText(phase, now);
    return markup`<li${phase.state === 'now' ? markup` aria-current="step"` : undefined}>
<span class="what">${stateMark(marks[phase.state])}</span>
<span class="who">${phase.title}</span>
<span class="found">${took}</span>
<span class="when">${timeOf(phase.since, phase.since?.slice(11, 19))}</span>
</li>\n`;
  });
  return markup`<ol class="runs phases" aria-label="Phases">\n${items}</ol>\n`;
}

/** How long it took, or has taken so far. */
function tookText({ state, since, until }: ShownPhase, now: Date): string | undefined {
  const end = until ?? (state === 'now' ? now.toISOString() : undefined);
  if (since === undefined || end === undefined) return undefined;
  const words = durationText(Date.parse(end) - Date.parse(since));
  return state === 'now' ? `for ${words}` : words;
}
