import type { Comparison, Finding, Severity } from '../../domain/finding.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { groupByFile, namesOf, treeWords } from '../summary.ts';
import { renderExcerpt } from './excerpt.ts';
import { section } from './layout.ts';
import { sentence } from './unknowns.ts';

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Findings by file: those that the change brings, and, folded, those that the target has as well. */
export function renderFindings(findings: readonly Finding[], omitted: number): Html | undefined {
  if (findings.length + omitted === 0) return undefined;
  const fresh = findings.filter((finding) => finding.origin === 'new');
  const existing = findings.filter((finding) => finding.origin === 'existing');
  const summary = `${existing.length} more that the target branch has as well`;
  return section(`Findings (${findings.length + omitted})`, [
    ...byFile(fresh),
    existing.length === 0
      ? undefined
      : markup`<details><summary>${summary}</summary>\n${byFile(existing)}</details>\n`,
    omitted === 0
      ? undefined
      : markup`<p class="quiet">${omitted} more findings are counted, but not kept.</p>\n`,
  ]);
}

/** The files with errors first. */
function byFile(findings: readonly Finding[]): readonly Html[] {
  return [...groupByFile(findings)]
    .map(([file = '', list]) => ({ file, list: [...list].sort(byWeight) }))
    .sort((one, other) => worst(one.list) - worst(other.list) || (one.file < other.file ? -1 : 1))
    .map(({ file, list }) => {
      const heading = file === '' ? 'The change as a whole' : markup`<code>${file}</code>`;
      return markup`<h3>${heading}</h3>\n${list.map(renderFinding)}`;
    });
}

/** Of findings in their order. */
function worst([first]: readonly Finding[]): number {
  return first === undefined ? 0 : weight[first.severity];
}

function byWeight(one: Finding, other: Finding): number {
  return weight[one.severity] - weight[other.severity] || (one.place?.line ?? 0) - (other.place?.line ?? 0);
}

function renderFinding(finding: Finding): Html {
  const { severity, rule, message, place, excerpt, compared, repair } = finding;
  const where = place === undefined ? '' : `line ${place.line}, column ${place.column}${treeWords(finding)}`;
  return markup`<article class="finding ${severity}">
<p><strong class="word-${severity}">${severity}</strong> <code>${rule}</code> <span class="quiet">${where}</span></p>
<p>${sentence(message, namesOf(finding))}</p>
${excerpt === undefined ? undefined : renderExcerpt(excerpt, place)}${compared.map(renderComparison)}${
    repair === undefined
      ? undefined
      : markup`<p>To repair:</p>\n<pre class="repair" tabindex="0"><code>${repair}</code></pre>\n`
  }</article>
`;
}

function renderComparison({ what, expected, actual }: Comparison): Html {
  return markup`<p class="compared">${what}: expected <code>${expected}</code>, found <code>${actual}</code></p>\n`;
}
