import { shortSha } from '../../domain/repository.ts';
import type { RunSummary } from '../../domain/run-summary.ts';
import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { changeAddress, runAddress } from './addresses.ts';
import { stateMark } from './mark.ts';
import { foundText, outcomeOf } from './verdict-words.ts';

/** The verdict of a run: the word, what it means, what happens next, and what may be done. */
export function renderVerdict(run: RunSummary, more?: HtmlPart): Html {
  const { sentence, next } = outcomeOf(run);
  return verdictBox(run, sentence, [...next.map((text) => markup`<p>${text}</p>\n`), more]);
}

/** The verdict of a run that is not the newest: what it said then asks nobody for anything. */
export function renderOlderVerdict(run: RunSummary): Html {
  const found = foundText(run);
  const then = run.state === 'judged' && found !== undefined ? ` It found ${found}.` : '';
  return verdictBox(run, `This run is not the newest of its change.${then}`, undefined);
}

function verdictBox(run: RunSummary, sentence: string, more: HtmlPart): Html {
  const outcome = outcomeOf(run);
  return markup`<section id="verdict" class="verdict ${outcome.tone}" aria-label="Verdict">
<p class="lead">${stateMark(outcome)} ${sentence}</p>
${more}</section>
`;
}

/** That the change has a newer run, and what that one says. */
export function renderNewer(newer: RunSummary | undefined): Html | undefined {
  if (newer === undefined) return undefined;
  const outcome = outcomeOf(newer);
  return markup`<section id="newer" class="verdict newer ${outcome.tone}" aria-label="Newer run">
<p class="lead">${stateMark(outcome)} <strong>A newer run exists:</strong> <a href="${runAddress(newer.id)}">head <code>${shortSha(newer.change.head)}</code></a>. ${outcome.sentence}</p>
<p>What follows is the older run. <a href="${changeAddress(newer.subject)}">All runs of this change</a></p>
</section>
`;
}

/** That somebody asked for a fresh judgement, which has not begun. */
export function renderAsked(asked: boolean): Html | undefined {
  if (!asked) return undefined;
  return markup`<p class="notice">It will be judged again: that was asked for, and begins as soon as a worker is free.</p>\n`;
}

/** The button that has a change judged again. */
export function renderRetest(id: string): Html {
  return markup`<form method="post" action="${runAddress(id)}/retest"><button>Judge again</button></form>\n`;
}
