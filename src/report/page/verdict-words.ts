import type { RunSummary } from '../../domain/run-summary.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { plural, timeText } from '../text.ts';

/** A run's outcome in a word, in a sentence, and in what to do next. `tone` is a class of the style sheet. */
export interface Outcome {
  readonly tone: Verdict | 'running' | 'ended';
  readonly word: string;
  readonly sentence: string;
  /** What happens next, or what to do, a sentence each. */
  readonly next: readonly string[];
}

/** What to say first. */
export function outcomeOf(run: RunSummary): Outcome {
  switch (run.state) {
    case 'superseded':
      return { tone: 'ended', word: 'Superseded', sentence: 'A newer commit took its place.', next: [] };
    case 'cancelled':
      return {
        tone: 'ended',
        word: 'Cancelled',
        sentence: 'The change is closed, or the run was stopped.',
        next: [],
      };
    case 'running':
    case 'judged':
      break;
    default:
      throw new Error(`unknown state ${String(run.state satisfies never)}`);
  }
  const { verdict } = run;
  if (verdict === undefined) return running;
  return {
    tone: verdict,
    word: words[verdict],
    sentence: sentences[verdict](run),
    next: [...advice[verdict](run), ...looksNext(run)],
  };
}

/** What the run found, as short as a list wants it: `2 errors, 1 warning`; undefined where there is nothing to tell. */
export function foundText({ findings, unknowns }: RunSummary): string | undefined {
  const parts = (['error', 'warning', 'note'] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => plural(findings[severity], severity));
  if (findings.omitted > 0) parts.push(`${findings.omitted} more`);
  if (unknowns > 0) parts.push(`${unknowns} unknown`);
  if (findings.existing > 0 && parts.length === 0) parts.push(`${findings.existing} on the target already`);
  return parts.length === 0 ? undefined : parts.join(', ');
}

const running: Outcome = {
  tone: 'running',
  word: 'Running',
  sentence: 'The merge result is being judged.',
  next: ['This page turns to the verdict by itself.'],
};

const words: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  undecided: 'Could not decide',
  waiting: 'Waiting',
};

const sentences: Readonly<Record<Verdict, (run: RunSummary) => string>> = {
  passed: ({ checkedNothing }) =>
    checkedNothing
      ? 'There was nothing to check: the change touches no data and no pipeline.'
      : 'Nothing stands against merging.',
  failed: (run) => {
    const found = run.conflict ? 'Head and target are in conflict' : (foundText(run) ?? 'It was refused');
    return run.blocking
      ? `${found}. The merge has to wait until this is repaired.`
      : `${found}. Advisory mode: this does not block the merge.`;
  },
  undecided: ({ trouble, unknowns, blocking }) => {
    const what = trouble ?? `${plural(unknowns, 'thing')} could not be known.`;
    return blocking ? `${what} Until it is known the merge has to wait.` : what;
  },
  waiting: () => 'Somebody has to act before this can be judged.',
};

const advice: Readonly<Record<Verdict, (run: RunSummary) => readonly string[]>> = {
  passed: () => [],
  failed: ({ conflict, change }) => [
    conflict
      ? `Merge ${change.targetBranch} into ${change.source.branch}, resolve the conflict and push: the new head is judged by itself.`
      : 'Repair the findings and push: the new head is judged by itself.',
  ],
  undecided: ({ trouble }) =>
    trouble === undefined
      ? ['Each thing says what can be done about it; then have it judged again.']
      : ['It is tried again by itself, every five minutes.'],
  waiting: () => ['Those who may push can trust or approve it at the host.'],
};

function looksNext({ next }: RunSummary): readonly string[] {
  if (next === undefined) return [];
  return next.what === 'all'
    ? [`It is judged again at ${timeText(next.at)}: another time there may be the time, or the answer.`]
    : [`The missing objects are asked for again at ${timeText(next.at)}: pushing data sends no webhook.`];
}
