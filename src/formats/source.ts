import type { Excerpt, Place } from '../domain/place.ts';

/** A stretch of a source text: UTF-16 offsets, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file's text, able to turn offsets into lines and columns. */
export interface Source {
  readonly path: string;
  readonly text: string;
  placeOf(span: Span): Place;
  /** The lines of the place and `around` lines on both sides, each cut to 200 characters. */
  excerptOf(place: Place, around: number): Excerpt;
}

/** What a reader found wrong, at its place; `pointer` is the structural path, `outs/0/md5`. */
export interface Problem {
  /** `syntax`, `duplicate-key`, `limit`, `conflict-marker`, `unknown-field`, `wrong-type` … */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  readonly pointer: string;
  /** What to write instead, where that is known. */
  readonly repair?: string | undefined;
}

/** Line breaks are LF, CRLF and CR, as YAML counts them. */
export function createSource(path: string, text: string): Source {
  const starts = lineStarts(text);
  return {
    path,
    text,
    placeOf(span) {
      const start = locate(starts, span.start);
      const end = locate(starts, Math.max(span.start, span.end));
      return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
    },
    excerptOf(place, around) {
      const first = Math.max(1, place.line - around);
      const last = Math.min(starts.length, Math.min(place.endLine, place.line + 5) + around);
      const lines: string[] = [];
      for (let line = first; line <= last; line += 1) {
        const from = starts[line - 1] ?? text.length;
        const to = starts[line] ?? text.length;
        lines.push(text.slice(from, Math.min(to, from + 200)).replace(/[\r\n]+$/, ''));
      }
      return { firstLine: first, lines };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

function locate(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}
