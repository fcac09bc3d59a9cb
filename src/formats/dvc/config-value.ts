import type { Span } from '../source.ts';

/** What stands right of a `=`. `end` is the offset after it: a triple-quoted value goes over several lines. */
export type ConfigValue =
  | {
      readonly kind: 'value';
      readonly value: string | readonly string[];
      readonly span: Span;
      readonly end: number;
      readonly cutShort: boolean;
    }
  | { readonly kind: 'bad'; readonly reason: string; readonly span: Span };

interface Item {
  readonly text: string;
  readonly span: Span;
  /** Offset of the comma, the `#` or the end that follows. */
  readonly next: number;
}

/** Reads a value: quoted or not, a list when there is a comma, an inline comment behind it (specs dvc 3.1). */
export function readConfigValue(text: string, rest: Span): ConfigValue {
  const start = skipBlanks(text, rest.start, rest.end);
  const triple = text.slice(start, start + 3);
  if (triple === '"""' || triple === "'''") return readTriple(text, start, triple);
  const result = readItems(text, { start, end: rest.end });
  if (result.kind === 'bad') return result;
  const interpolated = [result.value].flat().some(hasInterpolation);
  if (!interpolated) return result;
  return bad(
    '`%(…)s` is an interpolation, which DVC resolves inside this file only; write the value itself',
    result.span,
  );
}

/** `%(name)s` somewhere: whatever opens before a `)`, the first of them is looked at alone. */
function hasInterpolation(value: string): boolean {
  for (let open = value.indexOf('%('); open >= 0;) {
    const close = value.indexOf(')', open);
    if (close < 0) return false;
    if (value[close + 1] === 's') return true;
    open = value.indexOf('%(', close);
  }
  return false;
}

function readTriple(text: string, start: number, quote: string): ConfigValue {
  const close = text.indexOf(quote, start + 3);
  if (close < 0)
    return bad('the triple quotes are not closed', { start, end: Math.min(text.length, start + 3) });
  const span = { start, end: close + 3 };
  return { kind: 'value', value: text.slice(start + 3, close), span, end: close + 3, cutShort: false };
}

function readItems(text: string, rest: Span): ConfigValue {
  const items: Item[] = [];
  let list = false;
  let at = rest.start;
  while (at < rest.end && text[at] !== '#') {
    if (text[at] === ',') {
      if (items.length > 0) return bad('two commas without a value between them', { start: at, end: at + 1 });
      if (skipBlanks(text, at + 1, rest.end) < rest.end)
        return bad('it starts with a comma', { start: at, end: at + 1 });
      return { kind: 'value', value: [], span: { start: at, end: at + 1 }, end: rest.end, cutShort: false };
    }
    const item = readItem(text, at, rest.end);
    if (item === undefined) return bad('its quotes are not closed', { start: at, end: rest.end });
    items.push(item);
    at = item.next;
    if (text[at] !== ',' || at >= rest.end) break;
    list = true;
    at = skipBlanks(text, at + 1, rest.end);
  }
  const last = items.at(-1);
  const span = { start: items[0]?.span.start ?? rest.start, end: last?.span.end ?? rest.start };
  const cutShort = last !== undefined && at < rest.end && text[last.span.end] === '#';
  const texts = items.map((item) => item.text);
  return { kind: 'value', value: list ? texts : (texts[0] ?? ''), span, end: rest.end, cutShort };
}

function readItem(text: string, start: number, end: number): Item | undefined {
  const quote = text[start];
  if (quote === '"' || quote === "'") return readQuoted(text, { start, end }, quote);
  let next = start;
  while (next < end && text[next] !== ',' && text[next] !== '#') next += 1;
  const content = text.slice(start, next).trimEnd();
  return { text: content, span: { start, end: start + content.length }, next };
}

/** A closing quote is one that a comma, a comment or the end follows. */
function readQuoted(text: string, within: Span, quote: string): Item | undefined {
  const { start, end } = within;
  for (
    let close = text.indexOf(quote, start + 1);
    close > 0 && close < end;
    close = text.indexOf(quote, close + 1)
  ) {
    const next = skipBlanks(text, close + 1, end);
    if (next < end && text[next] !== ',' && text[next] !== '#') continue;
    return { text: text.slice(start + 1, close), span: { start, end: close + 1 }, next };
  }
  return undefined;
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function bad(reason: string, span: Span): ConfigValue {
  return { kind: 'bad', reason, span };
}
