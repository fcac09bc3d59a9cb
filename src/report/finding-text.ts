import type { Finding } from '../domain/finding.ts';
import type { Place } from '../domain/place.ts';
import type { Unknown } from '../domain/verdict.ts';
import { oneLine } from './text.ts';

/**
 * A finding for viewers that show one text beside a line: what was compared, what repairs it, and a place in another
 * tree belong to it. Plain lines, the repair command as it is.
 */
export function findingText(finding: Finding): string {
  const lines = [oneLine(finding.message)];
  for (const { what, expected, actual } of finding.compared) {
    lines.push(`${oneLine(what)}: expected ${oneLine(expected)}, found ${oneLine(actual)}`);
  }
  if (isElsewhere(finding)) {
    const { line, column } = finding.place;
    lines.push(`Place: line ${line}, column ${column} on the target branch`);
  }
  if (finding.repair !== undefined) lines.push(`Repair: ${finding.repair}`);
  return lines.join('\n');
}

/** The same of something that could not be known. */
export function unknownText(unknown: Unknown): string {
  const remedy = unknown.remedy === undefined ? '' : `\nWhat to do: ${oneLine(unknown.remedy)}`;
  return `${oneLine(unknown.what)}: ${oneLine(unknown.message)}${remedy}`;
}

/** Viewers open the head's file: a place in the target's file would mark the wrong line there. */
export function isElsewhere(finding: Finding): finding is Finding & { readonly place: Place } {
  return finding.tree === 'target' && finding.place !== undefined;
}

/** The place in the file that viewers open; undefined where there is none. */
export function placeInHead(finding: Finding): Place | undefined {
  return isElsewhere(finding) ? undefined : finding.place;
}

/** The last line of a place: its end is exclusive, so a place that ends where a line begins does not reach into it. */
export function lastLineOf({ line, endLine, endColumn }: Place): number {
  return endColumn <= 1 ? Math.max(line, endLine - 1) : Math.max(line, endLine);
}
