import type { Annotation } from '../domain/annotation.ts';
import type { Finding } from '../domain/finding.ts';
import type { Judgement } from '../domain/verdict.ts';
import { blockersOf, findingsOf } from './summary.ts';
import { harmlessLines, oneLine, shorten } from './text.ts';

/** Annotations of one status: four requests of fifty (specs git-hosts 3.1). */
const maxAnnotations = 200;

/** Characters of a message; hosts take 64 KB. */
const maxMessage = 8000;

/** Of a name that is no UTF-8 (docs/decisions.md): JSON cannot carry it to a host, which may refuse all that comes with it. */
const loneSurrogate = /\p{Surrogate}/u;

/** The findings that have a place in the judged tree, those that block first, and how many did not fit. */
export function annotationsOf(judgement: Judgement): {
  readonly annotations: readonly Annotation[];
  readonly omitted: number;
} {
  const blockers = new Set(blockersOf(judgement));
  const inTree = findingsOf(judgement).filter(({ file, tree }) => file !== undefined && tree !== 'target');
  const placed = inTree.filter(({ file = '' }) => !loneSurrogate.test(file));
  const ordered = [
    ...placed.filter((finding) => blockers.has(finding)),
    ...placed.filter((finding) => !blockers.has(finding)),
  ];
  const annotations = ordered
    .slice(0, maxAnnotations)
    .map((finding) => toAnnotation(finding, blockers.has(finding) && judgement.mode !== 'advisory'));
  return { annotations, omitted: inTree.length - annotations.length };
}

/** What blocks is a failure; an error that does not, because of the mode, is a warning. */
function toAnnotation(finding: Finding, blocks: boolean): Annotation {
  const { file = '', place, rule, severity } = finding;
  const startLine = place?.line ?? 1;
  // The end is exclusive: a stretch that ends at the first column does not touch its last line.
  const endLine = place === undefined ? 1 : place.endColumn > 1 ? place.endLine : place.endLine - 1;
  const isOneLine = place !== undefined && endLine <= startLine;
  return {
    path: file,
    startLine,
    endLine: Math.max(startLine, endLine),
    columns: isOneLine ? columnsOf(place.column, place.endColumn - 1) : undefined,
    level: blocks ? 'failure' : severity === 'note' ? 'notice' : 'warning',
    title: rule,
    message: shorten(messageOf(finding), maxMessage),
  };
}

function columnsOf(start: number, end: number): Annotation['columns'] {
  return { start, end: Math.max(start, end) };
}

function messageOf({ message, compared, repair, origin }: Finding): string {
  const lines = [oneLine(message)];
  for (const { what, expected, actual } of compared.slice(0, 10))
    lines.push(`${oneLine(what)}: expected ${oneLine(expected)}, found ${oneLine(actual)}`);
  if (repair !== undefined) lines.push('', 'To repair:', ...harmlessLines(repair));
  if (origin === 'existing') lines.push('', 'The target branch has this too.');
  return lines.join('\n');
}
