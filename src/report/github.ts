import type { Finding } from '../domain/finding.ts';
import type { Unknown } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { findingText, lastLineOf, placeInHead, unknownText } from './finding-text.ts';
import { judgementLine } from './status-line.ts';
import { findingsOf, omittedOf, omittedUnknownsOf, unknownsOf } from './summary.ts';
import { harmlessLines, oneLine, plural, shorten } from './text.ts';

type Kind = 'error' | 'warning' | 'notice';

/** One annotation, as a workflow command makes it. */
interface Annotation {
  readonly kind: Kind;
  readonly properties: Readonly<Record<string, string | number>>;
  readonly message: string;
}

/** GitHub shows the first ten annotations of each kind that a step prints, and drops the others without a word. */
const shownOfKind = 10;

/** What GitHub takes of a title, and what a message in a list of annotations can be. */
const titleLength = 255;
const messageLength = 4000;

/**
 * The report as workflow commands of GitHub Actions: annotations of each kind as many as are shown, the last notice
 * telling how many are not, and the verdict as a line of the log.
 */
export function renderGithub(report: CheckReport): string {
  const { judgement, decision } = report;
  const wanted = [
    ...unknownsOf(judgement).map(unknownAnnotation),
    ...findingsOf(judgement).map(annotationOf),
  ];
  const shown = (['error', 'warning', 'notice'] as const).flatMap((kind) =>
    wanted.filter((annotation) => annotation.kind === kind).slice(0, shownOf(kind)),
  );
  const hidden = wanted.length - shown.length + omittedOf(judgement) + omittedUnknownsOf(judgement);
  const rest = hidden === 0 ? [] : [restAnnotation(hidden)];
  const verdict = `modelgate: ${decision.verdict}: ${oneLine(judgementLine(judgement, decision))}`;
  // The older form of a command counts anywhere in a line.
  return `${[...shown, ...rest].map(commandOf).join('')}${verdict.replaceAll('##[', '## [')}\n`;
}

/** One notice is kept for telling of the others. */
function shownOf(kind: Kind): number {
  return kind === 'notice' ? shownOfKind - 1 : shownOfKind;
}

function annotationOf(finding: Finding): Annotation {
  const { rule, severity, file } = finding;
  const origin = finding.origin === 'existing' ? ' (on the target already)' : '';
  return {
    kind: severity === 'note' ? 'notice' : severity,
    properties: {
      ...(file === undefined || file === '' ? {} : { file, ...linesOf(finding) }),
      title: `${rule}${origin}`,
    },
    message: findingText(finding),
  };
}

/** Columns count only within one line; the end of a place is exclusive, an annotation's is not. */
function linesOf(finding: Finding): Readonly<Record<string, number>> {
  const place = placeInHead(finding);
  if (place === undefined) return {};
  const endLine = lastLineOf(place);
  if (endLine !== place.line) return { line: place.line, endLine };
  const end = place.endLine === place.line ? { endColumn: Math.max(place.column, place.endColumn - 1) } : {};
  return { line: place.line, endLine, col: place.column, ...end };
}

function unknownAnnotation(unknown: Unknown): Annotation {
  return {
    kind: 'error',
    properties: { title: `could not be decided (${unknown.cause})` },
    message: unknownText(unknown),
  };
}

function restAnnotation(hidden: number): Annotation {
  return {
    kind: 'notice',
    properties: { title: 'modelgate' },
    message: `${plural(hidden, 'more annotation')} not shown here: the log and the other reports of this step have all that is kept.`,
  };
}

function commandOf({ kind, properties, message }: Annotation): string {
  const list = Object.entries(properties)
    .map(([name, value]) => `${name}=${propertyText(name, String(value))}`)
    .join(',');
  const text = shorten(harmlessLines(message).join('\n'), messageLength);
  return `::${kind} ${list}::${escapeData(text)}\n`;
}

/** A file whose name has controls in it is not found by GitHub, and the annotation stands without its line. */
function propertyText(name: string, value: string): string {
  const text = name === 'title' ? shorten(oneLine(value), titleLength) : oneLine(value);
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** What the runner undoes, and nothing else: a line break would end the command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
