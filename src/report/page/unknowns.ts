import type { CheckResult, Unknown } from '../../domain/verdict.ts';
import { markup } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { codeSpans, plural } from '../text.ts';
import { section } from './layout.ts';

/** What could not be known, why, and what to do about it. */
export function renderUnknowns(checks: readonly CheckResult[]): Html | undefined {
  const unknowns = checks.flatMap((check) => check.unknowns);
  const omitted = checks.reduce((sum, check) => sum + (check.omittedUnknowns ?? 0), 0);
  if (unknowns.length + omitted === 0) return undefined;
  return section(`What could not be known (${unknowns.length + omitted})`, [
    ...unknowns.map(renderUnknown),
    omitted === 0
      ? undefined
      : markup`<p class="quiet">And ${plural(omitted, 'more thing')}: counted, but not kept.</p>\n`,
  ]);
}

function renderUnknown({ what, cause, message, remedy }: Unknown): Html {
  return markup`<div class="finding undecided">
<p><strong class="word-undecided">${cause}</strong> <code>${what}</code></p>
<p>${sentence(message)}</p>
${remedy === undefined ? undefined : markup`<p><strong>What to do:</strong> ${sentence(remedy)}</p>\n`}</div>
`;
}

/** One of our sentences: what stands between backticks is code. */
export function sentence(text: string, names: readonly string[] = []): readonly HtmlPart[] {
  return codeSpans(text, names).map((span) => (span.isCode ? markup`<code>${span.text}</code>` : span.text));
}
