import type { Finding } from '../domain/finding.ts';
import type { Judgement } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { createPalette } from './colour.ts';
import type { Palette } from './colour.ts';
import { changeText, versionText } from './differences.ts';
import { readingLines } from './reading.ts';
import { renderExcerpt } from './source-excerpt.ts';
import { judgementLine } from './status-line.ts';
import { findingsOf, groupByFile, omittedOf, omittedUnknownsOf, treeWords, unknownsOf } from './summary.ts';
import { harmlessLines, oneLine, plural, shorten, shortenPath } from './text.ts';
import { columns, wrap } from './wrap.ts';

/** How a terminal wants it. */
export interface TerminalOptions {
  readonly colours: boolean;
  /** Columns of the terminal; 80 to 120 of them are used. */
  readonly columns: number;
  readonly now: Date;
}

interface Pen {
  readonly palette: Palette;
  readonly width: number;
}

/** What a person reads after `modelgate check`: findings by file, unknowns, differences, and last the verdict. */
export function renderTerminal(report: CheckReport, options: TerminalOptions): string {
  const pen = {
    palette: createPalette(options.colours),
    width: Math.min(120, Math.max(80, options.columns)),
  };
  const sections = [
    ...findingSections(report, pen),
    unknownSection(report.judgement, pen),
    differenceSection(report, pen),
    summarySection(report, options.now, pen),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

function findingSections(report: CheckReport, pen: Pen): readonly (readonly string[])[] {
  const sections: (readonly string[])[] = [];
  for (const [file, findings] of groupByFile(findingsOf(report.judgement))) {
    const title = file === undefined ? 'the change as a whole' : oneLine(file);
    const blocks = findings.map((finding) => findingLines(finding, pen));
    sections.push([
      pen.palette.bold(title),
      ...blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])),
    ]);
  }
  const omitted = omittedOf(report.judgement);
  if (omitted > 0) sections.push([`and ${plural(omitted, 'more finding')} beyond the limit of what is kept`]);
  return sections;
}

function findingLines(finding: Finding, pen: Pen): readonly string[] {
  const { palette } = pen;
  const at = finding.place;
  const place = at === undefined ? '' : palette.dim(` ${at.line}:${at.column}${treeWords(finding)}`);
  const origin = finding.origin === 'existing' ? palette.dim('  on the target already') : '';
  const lines = [
    `  ${severityText(finding.severity, palette)} ${palette.cyan(oneLine(finding.rule))}${place}${origin}`,
  ];
  lines.push(...indented(wrap(oneLine(finding.message), pen.width - 4), 4));
  if (finding.excerpt !== undefined && finding.place !== undefined) {
    lines.push('', ...indented(renderExcerpt(finding.excerpt, finding.place, pen.width - 6, palette), 6), '');
  }
  for (const { what, expected, actual } of finding.compared) {
    lines.push(...labelled(oneLine(what), `expected ${oneLine(expected)}, found ${oneLine(actual)}`, pen));
  }
  if (finding.repair !== undefined) {
    const [first = '', ...more] = harmlessLines(finding.repair);
    const margin = ' '.repeat(labelWidth + 4);
    lines.push(`    ${palette.green('repair'.padEnd(labelWidth))}${palette.bold(first)}`);
    lines.push(...more.map((line) => `${margin}${palette.bold(line)}`));
  }
  return lines.filter((line, index) => line !== '' || index < lines.length - 1);
}

function severityText(severity: Finding['severity'], palette: Palette): string {
  if (severity === 'error') return palette.red('error');
  return severity === 'warning' ? palette.yellow('warning') : palette.dim('note');
}

function unknownSection(judgement: Judgement, pen: Pen): readonly string[] {
  const unknowns = unknownsOf(judgement);
  if (unknowns.length === 0) return [];
  const lines = [pen.palette.bold('could not be decided')];
  for (const unknown of unknowns.slice(0, 50)) {
    lines.push(
      `  ${pen.palette.yellow('unknown')} ${oneLine(unknown.what)} ${pen.palette.dim(`(${unknown.cause})`)}`,
    );
    lines.push(...indented(wrap(oneLine(unknown.message), pen.width - 4), 4));
    if (unknown.remedy !== undefined) lines.push(...labelled('what to do', oneLine(unknown.remedy), pen));
  }
  const rest = Math.max(0, unknowns.length - 50) + omittedUnknownsOf(judgement);
  if (rest > 0) lines.push(`  and ${rest} more`);
  return lines;
}

function differenceSection(report: CheckReport, pen: Pen): readonly string[] {
  const { differences, omittedDifferences = 0 } = report.judgement;
  if (differences.length === 0) return [];
  const shown = differences.slice(0, 50);
  const names = aligned(shown.map(({ path }) => shortenPath(oneLine(path), Math.floor(pen.width / 2))));
  const changes = aligned(shown.map(changeText));
  const lines = shown.map(({ change, before, after }, index) => {
    const both = `${versionText(before)} → ${versionText(after)}`;
    const versions = change === 'modified' ? both : versionText(after ?? before);
    return `  ${names[index]}  ${changes[index]}  ${pen.palette.dim(versions)}`;
  });
  const rest = Math.max(0, differences.length - 50) + omittedDifferences;
  if (rest > 0) lines.push(`  and ${plural(rest, 'more output')}`);
  return [pen.palette.bold('what changes in the data'), ...lines];
}

function summarySection(report: CheckReport, now: Date, pen: Pen): readonly string[] {
  const { decision, judgement } = report;
  const { palette } = pen;
  const verdict = {
    passed: palette.green('✔ passed:'),
    failed: palette.red('✘ failed:'),
    undecided: palette.yellow('?'),
    waiting: palette.yellow('?'),
  }[decision.verdict];
  const line = shorten(judgementLine(judgement, decision), 400);
  const [first = '', ...more] = wrap(line, pen.width - 10);
  const facts = readingLines(report.reading, judgement, now).flatMap(([label, text]) => {
    const [begin = '', ...rest] = wrap(text, pen.width - 11);
    return [`  ${palette.dim(label.padEnd(9))}${begin}`, ...indented(rest, 11)];
  });
  return [`${palette.bold(verdict)} ${first}`, ...indented(more, 2), ...facts];
}

const labelWidth = 11;

function labelled(label: string, text: string, pen: Pen): readonly string[] {
  const lead = `${shorten(label, 40)} `.padEnd(labelWidth);
  const [first = '', ...more] = wrap(text, Math.max(40, pen.width - 4 - lead.length));
  return [`    ${pen.palette.dim(lead)}${first}`, ...indented(more, 4 + lead.length)];
}

function aligned(cells: readonly string[]): readonly string[] {
  const longest = Math.max(...cells.map(columns));
  return cells.map((cell) => cell + ' '.repeat(longest - columns(cell)));
}

function indented(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}
