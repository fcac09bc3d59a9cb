import type { Finding, Severity } from '../../domain/finding.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { renderExcerpt } from './excerpt.ts';
import { namesOf, treeWords } from '../summary.ts';
import { codeSpans } from '../text.ts';
import { section, table } from './layout.ts';

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Findings by file: those that the change brings, and, folded, those that the target has as well. */
export function renderFindings(findings: readonly Finding[], omitted: number): Html | undefined {
  const fresh = findings.filter((finding) => finding.origin === 'new');
  const existing = findings.filter((finding) => finding.origin === 'existing');
  const summary = `${existing.length} more that the target branch has as well`;
  const parts = [
    ...byFile(fresh),
    existing.length === 0
      ? undefined
      : markup`<details><summary>${summary}</summary>\n${byFile(existing)}</details>\n`,
    omitted === 0
      ? undefined
      : markup`<p class="quiet">${omitted} more findings are counted, but not kept.</p>\n`,
  ];
  return findings.length + omitted === 0
    ? undefined
    : section(`Findings (${findings.length + omitted})`, parts);
}

/** The files with errors first. */
function byFile(findings: readonly Finding[]): readonly Html[] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const file = finding.file ?? '';
    const list = files.get(file) ?? [];
    list.push(finding);
    files.set(file, list);
  }
  return [...files]
    .sort(([a, one], [b, other]) => worst(one) - worst(other) || (a < b ? -1 : 1))
    .map(([file, list]) => {
      const heading = file === '' ? 'The change as a whole' : file;
      return markup`<h3>${heading}</h3>\n${list.sort(byWeight).map(renderFinding)}`;
    });
}

function worst(findings: readonly Finding[]): number {
  return Math.min(...findings.map(({ severity }) => weight[severity]));
}

function byWeight(one: Finding, other: Finding): number {
  return weight[one.severity] - weight[other.severity] || (one.place?.line ?? 0) - (other.place?.line ?? 0);
}

function renderFinding(finding: Finding): Html {
  const { severity, rule, message, place, excerpt, compared, repair } = finding;
  const where = place === undefined ? '' : `line ${place.line}, column ${place.column}${treeWords(finding)}`;
  const values = compared.map(({ what, expected, actual }) => [
    what,
    markup`<code>${expected}</code>`,
    markup`<code>${actual}</code>`,
  ]);
  return markup`<article class="finding ${severity}">
<p><strong class="word-${severity}">${severity}</strong> <code>${rule}</code> <span class="quiet">${where}</span></p>
<p>${codeSpans(message, namesOf(finding)).map(({ text, isCode }) => (isCode ? markup`<code>${text}</code>` : text))}</p>
${excerpt === undefined ? undefined : renderExcerpt(excerpt, place)}${table(['', 'expected', 'actual'], values)}${
    repair === undefined ? undefined : markup`<p>To repair:</p>\n<pre><code>${repair}</code></pre>\n`
  }</article>
`;
}
