import type { NamedCommit, Reading } from '../domain/reading.ts';
import { shortSha } from '../domain/repository.ts';
import type { Judgement } from '../domain/verdict.ts';
import { oneLine, plural, shorten } from './text.ts';

/** What was judged, as label and text: which commits, how fresh, under which policy. */
export function readingLines(
  reading: Reading,
  judgement: Judgement,
  now: Date,
): readonly (readonly [label: string, text: string])[] {
  const lines: (readonly [string, string])[] = [
    ['judged', headText(reading, now)],
    [reading.notMerged === undefined ? 'into' : 'not into', commitText(reading.target, now)],
  ];
  if (reading.notMerged !== undefined) lines.push(['because', reading.notMerged]);
  if (reading.targetIsFetched) lines.push(['fetched', fetchedText(reading.fetchedAt, now)]);
  if (judgement.policySource === 'defaults-because-broken') {
    lines.push(['policy', 'the defaults: .modelgate.yaml on the target cannot be read']);
  }
  if (judgement.mode !== 'blocking') lines.push(['mode', judgement.mode]);
  return lines;
}

function headText({ head }: Reading, now: Date): string {
  const commit = head.commit === undefined ? 'a branch without commits' : commitText(head.commit, now);
  return head.changedFiles === 0
    ? commit
    : `the working tree, ${plural(head.changedFiles, 'file')} different from ${commit}`;
}

/** `origin/main 1a2b3c4d "Add data" (2 hours ago)` */
function commitText(commit: NamedCommit, now: Date): string {
  const name = commit.name === undefined ? '' : `${oneLine(commit.name)} `;
  return `${name}${shortSha(commit.sha)} "${shorten(oneLine(commit.subject), 60)}" (${ageText(commit.committedAt, now)})`;
}

function fetchedText(at: Date | undefined, now: Date): string {
  if (at === undefined) return 'not since this repository was made; `git fetch` brings the target up to date';
  const age = ageText(at, now);
  return now.getTime() - at.getTime() > day ? `${age}; \`git fetch\` brings the target up to date` : age;
}

const day = 86_400_000;
const steps = [
  [60_000, 'minute'],
  [3_600_000, 'hour'],
  [day, 'day'],
  [30 * day, 'month'],
  [365 * day, 'year'],
] as const;

/** `just now`, `3 minutes ago`, `2 days ago`. */
export function ageText(then: Date, now: Date): string {
  const passed = now.getTime() - then.getTime();
  const step = steps.findLast(([length]) => passed >= length);
  return step === undefined ? 'just now' : `${plural(Math.floor(passed / step[0]), step[1])} ago`;
}
