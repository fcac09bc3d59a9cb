import { SCALAR_STYLE } from 'js-yaml';
import type { ScalarEvent } from 'js-yaml';
import type { Span } from '../source.ts';

/** Where a scalar is written, quotes and block header included. `from` is the end of what was read before it. */
export function spanOfScalar(text: string, event: ScalarEvent, from: number): Span {
  const { valueStart, valueEnd, style } = event;
  if (valueStart < 0) {
    const at = Math.max(event.tagEnd, event.anchorEnd);
    return at > 0 ? { start: at, end: at } : emptyAt(text, from);
  }
  if (style === SCALAR_STYLE.PLAIN) return { start: valueStart, end: valueEnd };
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) {
    return { start: valueStart - 1, end: valueEnd + 1 };
  }
  return { start: blockHeader(text, event, from), end: trimBreaks(text, valueStart, valueEnd) };
}

/** The end of a `{…}` or `[…]` whose last child ends at `from`; of a block it is `from` itself. */
export function endOfCollection(text: string, start: number, from: number): number {
  const opening = text[start];
  if (opening !== '{' && opening !== '[') return from;
  const closing = opening === '{' ? '}' : ']';
  let at = skipBlank(text, from);
  if (text[at] === ',') at = skipBlank(text, at + 1);
  return text[at] === closing ? at + 1 : from;
}

/** The first offset that is neither blank nor in a comment. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9 || code === 10 || code === 13 || code === 0xfeff) at += 1;
    else if (code === 35) at = endOfLine(text, at);
    else return at;
  }
}

/** Nothing was written: the place after the `:`, `-` or `?` that asks for a value. */
function emptyAt(text: string, from: number): Span {
  const at = skipBlank(text, from);
  const asks = /^[:?-](?=[\s,}\]]|$)/.test(text.slice(at, at + 2));
  return asks ? { start: at + 1, end: at + 1 } : { start: from, end: from };
}

function blockHeader(text: string, event: ScalarEvent, from: number): number {
  const lower = Math.max(from, event.tagEnd, event.anchorEnd);
  const line = startOfLine(text, beforeBreak(text, event.valueStart), lower);
  const sign = event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>';
  for (let at = line; at < event.valueStart; at += 1) if (text[at] === sign) return at;
  return event.valueStart;
}

/** The offset before the line break that ends at `end`. */
function beforeBreak(text: string, end: number): number {
  return text.startsWith('\r\n', end - 2) ? end - 2 : end - 1;
}

/** Walks back from `from` to the start of its line, no further than `lower`: a search would not stop there. */
function startOfLine(text: string, from: number, lower: number): number {
  let at = from;
  while (at > lower && !isBreak(text.charCodeAt(at - 1))) at -= 1;
  return Math.max(at, lower);
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function trimBreaks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBreak(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at += 1;
  return at;
}
