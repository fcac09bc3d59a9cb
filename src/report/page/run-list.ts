import { shortSha } from '../../domain/repository.ts';
import type { RunSummary } from '../../domain/run-summary.ts';
import { changeMark } from '../change-name.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { ageText } from '../reading.ts';
import { timeText } from '../text.ts';
import { changeAddress, runAddress } from './addresses.ts';
import { timeOf } from './layout.ts';
import { stateMark } from './mark.ts';
import { foundText, outcomeOf } from './verdict-words.ts';

/**
 * Runs, one below the other. `by`: what tells them apart, the change in a list of changes, the head in the history of
 * one change.
 */
export function renderRunList(
  runs: readonly RunSummary[],
  { by, label, now }: { readonly by: 'change' | 'head'; readonly label: string; readonly now: Date },
): Html {
  const items = runs.map((run, index) => {
    const outcome = outcomeOf(run);
    return markup`<li>
<span class="what">${stateMark(outcome)}</span>
<span class="who">${by === 'change' ? changeLinks(run) : headLink(run)}</span>
<span class="found">${foundOf(run, by === 'change' || index === 0)}</span>
<span class="when">${timeOf(run.began, ageOf(run.began, now))}</span>
</li>\n`;
  });
  return markup`<ol class="runs by-${by}" aria-label="${label}">\n${items}</ol>\n`;
}

function changeLinks({ id, subject, change }: RunSummary): Html {
  const title = change.title.trim() === '' ? 'without a title' : change.title;
  return markup`<a class="title" href="${runAddress(id)}">${title}</a> <a class="quiet" href="${changeAddress(subject)}">${changeMark(change)}<span class="unseen">, all its runs</span></a>`;
}

function headLink({ id, change }: RunSummary): Html {
  return markup`<a class="title" href="${runAddress(id)}"><code>${shortSha(change.head)}</code></a>`;
}

/** What it found and, of the newest run of a change, when it is looked at again. */
function foundOf(run: RunSummary, isNewest: boolean): Html {
  const found = run.verdict === 'passed' && run.checkedNothing ? 'nothing to check' : foundText(run);
  const next =
    run.next === undefined || !isNewest ? undefined : `asked again at ${timeText(run.next.at).slice(11)}`;
  return markup`${[found, next].filter((part) => part !== undefined).join(' · ')}`;
}

function ageOf(began: string | undefined, now: Date): string | undefined {
  const time = new Date(began ?? '');
  return Number.isNaN(time.getTime()) ? undefined : ageText(time, now);
}
