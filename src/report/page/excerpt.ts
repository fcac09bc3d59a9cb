import type { Excerpt, Place } from '../../domain/place.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';

/** Source lines with their numbers, the found stretch marked. */
export function renderExcerpt(excerpt: Excerpt, place: Place | undefined): Html {
  const width = String(excerpt.firstLine + excerpt.lines.length - 1).length;
  const lines = excerpt.lines.map((line, index) => {
    const number = excerpt.firstLine + index;
    const margin = `${String(number).padStart(width)} ${isMarked(number, place) ? '>' : ' '} `;
    return markup`<span class="number">${margin}</span>${stretch(line, number, place)}\n`;
  });
  return markup`<pre class="source" tabindex="0"><code>${lines}</code></pre>\n`;
}

/** The end is exclusive: a stretch that ends at the first column does not touch its last line. */
function isMarked(number: number, place: Place | undefined): boolean {
  if (place === undefined || number < place.line || number > place.endLine) return false;
  return number < place.endLine || place.endColumn > 1 || place.line === place.endLine;
}

function stretch(line: string, number: number, place: Place | undefined): Html {
  if (place === undefined || !isMarked(number, place)) return markup`${line}`;
  const from = number === place.line ? place.column - 1 : line.length - line.trimStart().length;
  const to = number === place.endLine ? Math.max(place.endColumn - 1, from) : line.length;
  return markup`${line.slice(0, from)}<mark>${line.slice(from, to)}</mark>${line.slice(to)}`;
}
