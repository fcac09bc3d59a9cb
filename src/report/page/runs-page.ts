import { timeText } from '../text.ts';
import { shortSha } from '../../domain/repository.ts';
import type { Run } from '../../domain/run.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { layout, table } from './layout.ts';
import { outcomeOf } from './verdict-words.ts';

/** The newest runs of all repositories. */
export function renderRunsPage(runs: readonly Run[]): Html {
  const rows = runs.map((run) => {
    const { tone, word } = outcomeOf(run);
    const { repository, number, title, head } = run.change;
    return [
      timeText(run.timeline[0]?.at ?? ''),
      markup`<a href="/runs/${encodeURIComponent(run.id)}"><span class="word-${tone}">${word}</span></a>`,
      `${repository.path} !${number}`,
      title,
      markup`<code>${shortSha(head)}</code>`,
    ];
  });
  const list =
    table(['began', 'verdict', 'change', 'title', 'head'], rows) ?? markup`<p>There is none yet.</p>\n`;
  return layout({ title: 'modelgate: recent runs', body: markup`<h1>modelgate: recent runs</h1>\n${list}` });
}

/** A page with nothing but a message. */
export function renderMessagePage(title: string, message: string): Html {
  return layout({ title: `modelgate: ${title}`, body: markup`<h1>${title}</h1>\n<p>${message}</p>\n` });
}
