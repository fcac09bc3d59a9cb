import { createSource, type Source, type Span } from '../source.ts';
import { isSecretSetting } from './config-keys.ts';

/**
 * The source as it may be shown: made of `*` are the given stretches, whatever follows a key whose name is that of a
 * secret, and every credential inside a url. The latter two are found line by line without any grammar, so that a
 * file that cannot be read shows no secret either. Every position stays.
 */
export function maskSource(source: Source, secrets: readonly Span[] = []): Source {
  const all = [...secrets, ...namedSecrets(source.text), ...urlCredentials(source.text)];
  if (all.length === 0) return source;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of all.sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    parts.push(source.text.slice(at, from), source.text.slice(from, end).replace(/[^\r\n]/g, '*'));
    at = end;
  }
  return createSource(source.path, parts.join('') + source.text.slice(at));
}

/** What follows `password =`, `token:` or, at the start of a line, `secret`: to the end of the value. */
function namedSecrets(text: string): readonly Span[] {
  const spans: Span[] = [];
  const keys = /(?<!\w)(\w{1,100})["']?[ \t]*[=:][ \t]*|(?<=[\r\n][ \t]{0,100})(\w{1,100})[ \t]+/g;
  for (const match of text.matchAll(keys)) {
    const name = match[1] ?? match[2] ?? '';
    if (match.index < (spans.at(-1)?.end ?? 0) || !isSecretSetting(name.toLowerCase())) continue;
    const start = match.index + match[0].length;
    spans.push({ start, end: endOfValue(text, match.index, start) });
  }
  return spans;
}

/** The end of the line, of the lines below that are indented deeper, or of a value in triple quotes. */
function endOfValue(text: string, key: number, start: number): number {
  const quotes = text.slice(start, start + 3);
  if (quotes === '"""' || quotes === "'''") {
    const close = text.indexOf(quotes, start + 3);
    return close < 0 ? text.length : close + 3;
  }
  let end = endOfLine(text, start);
  if (!/^(?:[|>][-+0-9]*)?\s*(?:#.*)?$/.test(text.slice(start, Math.min(end, start + 200)))) return end;
  const indent = indentOf(text, startOfLine(text, key));
  for (let lines = 0; lines < mostLines && end < text.length; lines += 1) {
    const next = text.startsWith('\r\n', end) ? end + 2 : end + 1;
    const nextEnd = endOfLine(text, next);
    if (next < nextEnd && indentOf(text, next) <= indent) break;
    end = nextEnd;
  }
  return end;
}

/** A secret in a block of text: a private key has some fifty lines. */
const mostLines = 100;

/** `user:secret` in `https://user:secret@host` and in `user:secret@host:/x`, and the values of queries. */
function urlCredentials(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('://'); at >= 0;) {
    const start = at + 3;
    const end = endOfLine(text, start);
    const rest = text.slice(start, end);
    const authority = /^[^/?#\s]*/.exec(rest)?.[0] ?? '';
    const hidden = authority.includes(':') || authority.includes('@') ? rest.lastIndexOf('@') : -1;
    if (hidden >= 0 && !authority.startsWith('git@')) spans.push({ start, end: start + hidden });
    for (const match of rest.matchAll(/[?&][\w.%-]{1,100}=([^\s&"']+)/g)) {
      const stop = start + match.index + match[0].length;
      spans.push({ start: stop - (match[1] ?? '').length, end: stop });
    }
    at = text.indexOf('://', end);
  }
  for (const match of text.matchAll(/(?<![\w.:@/-])[\w.+-]{1,100}:[^\s@/]{1,200}@(?=[\w.-]{1,100}:)/g)) {
    spans.push({ start: match.index, end: match.index + match[0].length - 1 });
  }
  return spans;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function startOfLine(text: string, from: number): number {
  let at = from;
  while (at > 0 && from - at < 200 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at -= 1;
  return at;
}

function indentOf(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '-') at += 1;
  return at - start;
}
