import { createProblems, type Problems } from '../problems.ts';
import type { Problem, Source, Span } from '../source.ts';
import { readConfigValue } from './config-value.ts';

/** A `key = value` of a config file. A comma outside of quotes makes the value a list. */
export interface ConfigEntry {
  /** Lower-case, as DVC looks it up (specs dvc 3.1). */
  readonly key: string;
  readonly keySpan: Span;
  readonly value: string | readonly string[];
  readonly valueSpan: Span;
  /** A `#` that follows the value without a blank: its writer probably meant it as part of the value. */
  readonly cutShort: boolean;
}

/** A section with the names of the sections around it, lower-case: `[remote]` + `[[x]]` is `['remote', 'x']`. */
export interface ConfigSection {
  readonly path: readonly string[];
  readonly span: Span;
  readonly entries: readonly ConfigEntry[];
}

interface OpenSection {
  readonly path: readonly string[];
  readonly span: Span;
  readonly entries: ConfigEntry[];
  /** Keys and sections below it as written: only those that are alike to the letter are duplicates. */
  readonly keys: Set<string>;
}

interface Reading {
  readonly source: Source;
  readonly sections: OpenSection[];
  readonly problems: Problems;
  /** Section paths as written. */
  readonly seen: Set<string>;
  current: OpenSection;
  currentRaw: readonly string[];
}

/** A line longer than this is no setting; bounds the scanning of one line. */
const maxLine = 10_000;

/** Reads ConfigObj text (specs dvc 3.1): sections flat, in order; the first holds the keys outside of all sections. */
export function readConfigText(source: Source): {
  readonly value: readonly ConfigSection[];
  readonly problems: readonly Problem[];
} {
  const top: OpenSection = { path: [], span: { start: 0, end: 0 }, entries: [], keys: new Set() };
  const reading: Reading = {
    source,
    sections: [top],
    problems: createProblems(),
    seen: new Set(),
    current: top,
    currentRaw: [],
  };
  const { text } = source;
  if (text.startsWith('\uFEFF')) {
    problem(
      reading,
      'encoding',
      { start: 0, end: 1 },
      'a byte order mark stands before the first line; DVC refuses it in a config file',
    );
  }
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) at = readLine(reading, at);
  return { value: reading.sections, problems: reading.problems.list() };
}

/** Reads the line at the offset, or all lines of a triple-quoted value; answers where the next one starts. */
function readLine(reading: Reading, start: number): number {
  const { text } = reading.source;
  const end = lineEnd(text, start);
  const next = afterBreak(text, end);
  const line = text.slice(start, end);
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return next;
  const from = start + line.indexOf(trimmed);
  const span = { start: from, end: from + trimmed.length };
  if (trimmed.length > maxLine) {
    problem(reading, 'syntax', span, `the line is longer than ${maxLine} characters`);
  } else if (/^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(trimmed)) {
    problem(reading, 'conflict-marker', span, 'an unresolved merge conflict');
  } else if (trimmed.startsWith('[')) {
    readSection(reading, trimmed, span);
  } else {
    return readEntry(reading, { trimmed, span, next });
  }
  return next;
}

function readSection(reading: Reading, line: string, span: Span): void {
  const opening = /^(?:\[\s*)+/.exec(line)?.[0] ?? '';
  const rest = line.slice(opening.length);
  const name = sectionName(rest);
  if (name === undefined) return problem(reading, 'syntax', span, 'the section header is not closed');
  const depth = opening.split('[').length - 1;
  if (depth !== name.closing) {
    return problem(reading, 'syntax', span, 'the section header has not as many `]` as `[`');
  }
  if (depth > reading.currentRaw.length + 1) {
    return problem(reading, 'syntax', span, 'the section is nested deeper than the one before it allows');
  }
  const raw = [...reading.currentRaw.slice(0, depth - 1), name.text];
  const id = JSON.stringify(raw);
  if (reading.seen.has(id)) {
    const header = `${opening.trim()}${name.text}${']'.repeat(depth)}`;
    problem(reading, 'duplicate-section', span, `the section ${header} is there twice; DVC refuses the file`);
  }
  reading.seen.add(id);
  reading.currentRaw = raw;
  reading.current = { path: raw.map((part) => part.toLowerCase()), span, entries: [], keys: new Set() };
  reading.sections.push(reading.current);
}

/** The name at the start of the text, and how many `]` close it; a quoted name may hold brackets. */
function sectionName(rest: string): { readonly text: string; readonly closing: number } | undefined {
  const quote = rest[0] === '"' || rest[0] === "'" ? rest[0] : undefined;
  const mark = quote ?? ']';
  let next = 1;
  for (let at = rest.indexOf(mark, 1); at > 0; at = rest.indexOf(mark, next)) {
    const brackets = /(?:\s*\])*\s*/y;
    brackets.lastIndex = quote === undefined ? at : at + 1;
    const closing = (brackets.exec(rest)?.[0] ?? '').split(']').length - 1;
    const end = brackets.lastIndex;
    if (closing > 0 && (end === rest.length || rest[end] === '#')) {
      return { text: quote === undefined ? rest.slice(0, at).trim() : rest.slice(1, at), closing };
    }
    // What follows this run of brackets follows every bracket in it.
    next = Math.max(end, at + 1);
  }
  return undefined;
}

function readEntry(
  reading: Reading,
  line: { readonly trimmed: string; readonly span: Span; readonly next: number },
): number {
  const { trimmed, span, next } = line;
  const equals = equalsSign(trimmed);
  if (equals < 1) {
    const colon = /^[\w.-]+\s*:\s/.test(trimmed) ? '; write `key = value`, not `key: value`' : '';
    problem(reading, 'syntax', span, `the line is neither a section nor \`key = value\`${colon}`);
    return next;
  }
  const rawKey = trimmed.slice(0, equals).trim();
  const written = unquote(rawKey);
  const value = readConfigValue(reading.source.text, { start: span.start + equals + 1, end: span.end });
  if (value.kind === 'bad') {
    problem(reading, 'syntax', value.span, `the value of ${written} cannot be read: ${value.reason}`);
    return next;
  }
  const { current } = reading;
  if (current.keys.has(written)) {
    problem(reading, 'duplicate-key', span, `${written} is there twice in its section; DVC refuses the file`);
  }
  current.keys.add(written);
  const keySpan = { start: span.start, end: span.start + rawKey.length };
  const { value: content, span: valueSpan, cutShort } = value;
  current.entries.push({ key: written.toLowerCase(), keySpan, value: content, valueSpan, cutShort });
  return Math.max(next, afterBreak(reading.source.text, lineEnd(reading.source.text, value.end)));
}

/** Where the `=` after the key is; a quoted key may hold one. */
function equalsSign(line: string): number {
  const quote = line[0] === '"' || line[0] === "'" ? line[0] : undefined;
  if (quote === undefined) return line.indexOf('=');
  const close = line.indexOf(quote, 1);
  if (close < 0) return -1;
  const gap = /^\s*=/.exec(line.slice(close + 1));
  return gap === null ? -1 : close + gap[0].length;
}

function unquote(text: string): string {
  return text.length >= 2 && (text[0] === '"' || text[0] === "'") ? text.slice(1, -1) : text;
}

function lineEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

function afterBreak(text: string, end: number): number {
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

function problem(reading: Reading, code: string, span: Span, message: string): void {
  reading.problems.push({ code, message, span, pointer: reading.current.path.join('/') });
}
