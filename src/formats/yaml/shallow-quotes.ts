import type { Event } from 'js-yaml';

/** A quoted scalar with its quotes, offsets into the text. */
export interface Quoted {
  readonly start: number;
  readonly end: number;
}

/*
 * libyaml (PyYAML, and go-yaml which Kubeflow uses) does not look at the indentation of the lines inside a quoted
 * scalar; YAML 1.2, and js-yaml with it, wants them deeper than the parent. PyYAML's own emitter writes such
 * shallow lines, so compiled pipelines contain them. When js-yaml refused a text, these functions blank the line
 * breaks inside shallow quoted scalars, one blank for each character, so that all offsets stay, and the values
 * are then read from the original text. The result counts only when js-yaml finds exactly these scalars at
 * exactly these places; no text that js-yaml accepts gets here.
 */

/** The quoted scalars of a text that js-yaml refused. */
export interface QuotedScalars {
  /** Those with continuation lines that are not indented deeper than their parent. */
  readonly shallow: readonly Quoted[];
  /** Offset of a quote that is never closed. */
  readonly unclosed: number | undefined;
}

/** Looks through the lines of a text for values in quotes. */
export function findQuotes(text: string): QuotedScalars {
  const found: Quoted[] = [];
  for (let at = 0; at < text.length;) {
    const line = readLine(text, at);
    if (line.quote === undefined) {
      at = line.block ? skipBlock(text, line.end, line.parent) : line.end;
      continue;
    }
    const end = endOfQuoted(text, line.quote);
    if (end === undefined) return { shallow: found, unclosed: line.quote };
    if (
      isShallow(text.slice(line.quote, end), line.parent) &&
      !/^[ \t]*:(?:\s|$)/.test(text.slice(end, end + 80))
    ) {
      found.push({ start: line.quote, end });
    }
    at = endOfLine(text, end);
  }
  return { shallow: found, unclosed: undefined };
}

/** The text with each line break inside the given scalars replaced by blanks. */
export function blankBreaks(text: string, scalars: readonly Quoted[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const scalar of scalars) {
    parts.push(text.slice(at, scalar.start), text.slice(scalar.start, scalar.end).replace(/[\r\n]/g, ' '));
    at = scalar.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Whether every given scalar is a scalar event; those events are set to be decoded from the original text. */
export function confirmQuotes(events: readonly Event[], scalars: readonly Quoted[]): boolean {
  let next = 0;
  for (const event of events) {
    const wanted = scalars[next];
    if (wanted === undefined) break;
    if (!('valueStart' in event) || event.valueStart !== wanted.start + 1) continue;
    if (event.valueEnd !== wanted.end - 1) return false;
    event.fast = false;
    next += 1;
  }
  return next === scalars.length;
}

interface Line {
  readonly end: number;
  /** Column of the list item or key that the line's value belongs to. */
  readonly parent: number;
  /** Offset of the value's opening quote. */
  readonly quote: number | undefined;
  /** The value is a block of text on the following lines. */
  readonly block: boolean;
}

/** Indentation, dashes, a key, then a quote or the header of a block of text. */
const lead =
  /^( *)((?:- +)*)((?:"(?:[^"\\]|\\.)*" *|'(?:[^']|'')*' *|-?[^\s"'#&*!|>{}[\],-].*?):[ \t]+)?(?:(["'])|[|>][-+0-9]*[ \t]*(?:#[^]*)?$)/;

/** A key and the quote behind it are within so much of a line, or the line is none that a person or PyYAML wrote. */
const longestLead = 10_000;

function readLine(text: string, start: number): Line {
  const end = endOfLine(text, start);
  const match = lead.exec(text.slice(start, Math.min(end, start + longestLead)).trimEnd());
  if (match === null) return { end, parent: 0, quote: undefined, block: false };
  const [, blanks = '', dashes = '', key = ''] = match;
  const parent =
    key === '' ? blanks.length + Math.max(0, dashes.lastIndexOf('-')) : blanks.length + dashes.length;
  const quoted = match[4] !== undefined;
  const quote = quoted ? start + blanks.length + dashes.length + key.length : undefined;
  return { end, parent, quote, block: !quoted };
}

function endOfQuoted(text: string, start: number): number | undefined {
  const pattern = text[start] === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^']|'')*'/y;
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function isShallow(scalar: string, parent: number): boolean {
  const lines = scalar.split(/\r\n?|\n/).slice(1);
  if (lines.some((line) => /^(?:---|\.\.\.)(?:\s|$)/.test(line))) return false;
  return lines.some((line) => /\S/.test(line) && line.search(/[^ ]/) <= parent);
}

/** Past the lines of a block of text: those that are blank or indented deeper than its parent. */
function skipBlock(text: string, start: number, parent: number): number {
  let at = start;
  while (at < text.length) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (/\S/.test(line) && line.search(/[^ ]/) <= parent) break;
    at = end;
  }
  return at;
}

/** The offset after the line break that ends the line. */
function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at < 0 ? text.length : at + 1;
}
