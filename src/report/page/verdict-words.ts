import type { Run } from '../../domain/run.ts';
import type { Verdict } from '../../domain/verdict.ts';

/** A run's outcome in a word and a sentence. `tone` is a class of the style sheet. */
export interface Outcome {
  readonly tone: Verdict | 'running';
  readonly word: string;
  readonly sentence: string;
}

/** What to say first. */
export function outcomeOf(run: Run): Outcome {
  const ended = endings[run.state];
  if (ended !== undefined) return ended;
  const verdict = run.decision?.verdict ?? run.judgement?.verdict;
  if (verdict === undefined && run.trouble === undefined) return running;
  const tone = verdict ?? 'undecided';
  return { tone, word: words[tone], sentence: sentences[tone](run) };
}

const running: Outcome = { tone: 'running', word: 'Running', sentence: 'This page loads again by itself.' };

const endings: Readonly<Partial<Record<Run['state'], Outcome>>> = {
  superseded: { tone: 'running', word: 'Superseded', sentence: 'A newer commit took its place.' },
  cancelled: {
    tone: 'running',
    word: 'Cancelled',
    sentence: 'The change is closed, or the run was stopped.',
  },
};

const words: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  undecided: 'Could not decide',
  waiting: 'Waiting',
};

const sentences: Readonly<Record<Verdict, (run: Run) => string>> = {
  passed: (run) => (checkedNothing(run) ? 'There was nothing to check.' : 'Nothing stands against merging.'),
  failed: ({ decision }) =>
    decision?.blocking === false
      ? 'Advisory mode: this does not block the merge.'
      : 'The merge has to wait until this is repaired.',
  undecided: ({ trouble }) => trouble ?? 'Something could not be known; see below.',
  waiting: () => 'Somebody has to act before this can be judged.',
};

function checkedNothing({ judgement }: Run): boolean {
  return (
    judgement?.checks.every(({ counts }) => Object.values(counts).every((count) => count === 0)) ?? false
  );
}
