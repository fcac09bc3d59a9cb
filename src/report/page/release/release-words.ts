import type { Release, ReleaseLine } from '../../../domain/release.ts';
import { releaseLine } from '../../release/line.ts';
import type { Outcome } from '../verdict-words.ts';

/** A release's outcome in a word and in a sentence. `tone` is a class of the style sheet. */
export function releaseOutcome(
  release: Release,
  line?: Pick<ReleaseLine, 'hold'>,
): Pick<Outcome, 'tone' | 'word' | 'sentence'> {
  const { tone, word } = wordOf(release, line);
  // The word says what the line begins with.
  const rest = releaseLine(release, 'names', line).replace(
    /^(?:released|failed|put back|superseded|held|nothing to release)(?::\s*|\s+|$)/,
    '',
  );
  // What was released begins with the name of the service, which is no word of ours.
  const named = release.outcome === 'released';
  const sentence = named ? rest : `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
  return { tone, word, sentence: sentence === '' || /[.?!…]$/.test(sentence) ? sentence : `${sentence}.` };
}

function wordOf(
  { outcome, hold }: Release,
  line: Pick<ReleaseLine, 'hold'> | undefined,
): Pick<Outcome, 'tone' | 'word'> {
  switch (outcome) {
    case undefined:
      return (hold ?? line?.hold) === undefined
        ? { tone: 'running', word: 'Under way' }
        : { tone: 'waiting', word: 'Held' };
    case 'released':
      return { tone: 'passed', word: 'Released' };
    case 'nothing-to-release':
      return { tone: 'ended', word: 'Nothing to release' };
    case 'failed':
      return { tone: 'failed', word: 'Failed' };
    case 'rolled-back':
      return { tone: 'failed', word: 'Put back' };
    case 'superseded':
      return { tone: 'ended', word: 'Superseded' };
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}
