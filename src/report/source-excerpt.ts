import type { Excerpt, Place } from '../domain/place.ts';
import type { Palette } from './colour.ts';
import { printable } from './text.ts';
import { columns } from './wrap.ts';

/**
 * Lines of a file with a caret line below the stretch meant. The text is untrusted: controls are shown, long lines
 * are cut around the stretch.
 */
export function renderExcerpt(
  excerpt: Excerpt,
  place: Place,
  width: number,
  palette: Palette,
): readonly string[] {
  const last = excerpt.firstLine + excerpt.lines.length - 1;
  const gutter = String(last).length;
  const room = Math.max(20, width - gutter - 3);
  const rows: string[] = [];
  for (const [index, text] of excerpt.lines.entries()) {
    const number = excerpt.firstLine + index;
    const margin = `${String(number).padStart(gutter)} │ `;
    const marked = number === place.line ? stretchOf(text, place) : undefined;
    // The empty line after a file's last line break tells nobody anything.
    if (text === '' && number === last && marked === undefined) continue;
    const from = marked === undefined ? 0 : windowStart(marked, room);
    const shown = cut(text, from, room);
    rows.push((palette.dim(margin) + (marked ? shown : palette.dim(shown))).trimEnd());
    if (marked === undefined) continue;
    const before = columns(show(text.slice(from, marked.start)));
    const under = Math.max(1, Math.min(columns(show(text.slice(marked.start, marked.end))), room - before));
    const caret = `${' '.repeat(gutter)} │ `;
    rows.push(palette.dim(caret) + ' '.repeat(before) + palette.red('^'.repeat(under)));
  }
  return rows;
}

/** Start and end in the place's first line, as offsets. */
function stretchOf(text: string, place: Place): { readonly start: number; readonly end: number } {
  const start = Math.min(place.column - 1, text.length);
  const end = place.endLine > place.line ? text.length : Math.min(place.endColumn - 1, text.length);
  return { start, end: Math.max(start + 1, end) };
}

/** As little cut in front as shows the end of the stretch, but never its beginning. */
function windowStart({ start, end }: { readonly start: number; readonly end: number }, room: number): number {
  return Math.max(0, Math.min(start - 10, end + 10 - room));
}

/** The window of a line; `…` stands where something is cut off. */
function cut(text: string, from: number, room: number): string {
  const window = text.slice(from, from + room);
  const begun = from > 0 ? `…${window.slice(1)}` : window;
  return show(from + room < text.length ? `${begun.slice(0, -1)}…` : begun);
}

function show(text: string): string {
  return printable(text.replaceAll('\t', ' '));
}
