import { problem, type Lines } from './lines.ts';

const escapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};

/** What an unquoted text means. */
export function plainValue(text: string): unknown {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(?:\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(text)) return Number(text);
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  return text;
}

/** A quoted text that begins at `column` of the current line; reads its lines, and returns what follows it. */
export function readQuoted(
  lines: Lines,
  column: number,
): { readonly value: string; readonly rest: string; readonly column: number } {
  const quote = lines.texts[lines.at]?.[column];
  const shape = quote === "'" ? /^(?:[^']|'')*/ : /^(?:[^"\\]|\\.|\\$)*/;
  const parts: string[] = [];
  let start = column + 1;
  for (; lines.at < lines.texts.length; lines.at += 1) {
    const line = (lines.texts[lines.at] ?? '').slice(start);
    const inner = shape.exec(line)?.[0] ?? '';
    parts.push(inner);
    const end = start + inner.length + 1;
    if (inner.length < line.length) {
      const folded = fold(parts, quote === '"');
      const value = quote === "'" ? folded.replaceAll("''", "'") : unescape(lines, folded);
      return { value, rest: line.slice(inner.length + 1), column: end };
    }
    start = 0;
  }
  throw problem(lines, 'found unexpected end of stream in a quoted scalar');
}

/** Joins the lines of a flow scalar: one break is a blank, more are breaks. */
export function fold(parts: readonly string[], escaping = false): string {
  let value = parts[0] ?? '';
  let breaks = 0;
  let joined = false;
  for (const [index, part] of parts.entries()) {
    if (index === 0) continue;
    if (breaks === 0) {
      joined = escaping && /(?:^|[^\\])(?:\\\\)*\\$/.test(value);
      value = joined ? value.slice(0, -1) : value.trimEnd();
    }
    const text = part.trimStart();
    breaks += 1;
    if (text === '' && index < parts.length - 1) continue;
    const glue = breaks === 1 ? (joined ? '' : ' ') : '\n'.repeat(breaks - 1);
    value += glue + text;
    breaks = 0;
  }
  return value;
}

function unescape(lines: Lines, text: string): string {
  return text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|.)/gs, (_all, name: string) => {
    if (name.length > 1) return String.fromCodePoint(Number.parseInt(name.slice(1), 16));
    const value = escapes[name] ?? (/["\\/ \t]/.test(name) ? name : undefined);
    if (value === undefined) throw problem(lines, 'found unknown escape character');
    return value;
  });
}

/** A `|` or `>` text below a line of indentation `parent`; the header line is the current one. */
export function readBlockText(lines: Lines, header: string, parent: number): string {
  const found = /^([|>])([-+]?)([1-9]?)([-+]?)\s*(?:#.*)?$/.exec(header);
  if (found === null) throw problem(lines, 'found a wrong block scalar header');
  const [, style, chompBefore, digit, chompAfter] = found;
  lines.at += 1;
  const texts: string[] = [];
  let indent = digit === '' ? undefined : parent + Number(digit);
  for (; lines.at < lines.texts.length; lines.at += 1) {
    const line = lines.texts[lines.at] ?? '';
    const own = line.length - line.trimStart().length;
    if (line.trim() !== '') {
      indent ??= own > parent ? own : undefined;
      if (indent === undefined || own < indent) break;
    }
    texts.push(line.slice(indent ?? line.length));
  }
  const body = texts.join('\n').replace(/\n*$/, '');
  const chomp = `${chompBefore}${chompAfter}`;
  const trailing = '\n'.repeat(texts.length - (body === '' ? 0 : body.split('\n').length - 1));
  const text = style === '>' ? foldBlock(body) : body;
  if (chomp === '-' || (body === '' && chomp !== '+')) return text;
  return chomp === '+' ? text + trailing : `${text}\n`;
}

/** Between two lines that are not further in, one break is a blank, and of more the first goes. */
function foldBlock(body: string): string {
  let value = '';
  let breaks = 0;
  let isLastDeep = true;
  for (const [index, line] of body.split('\n').entries()) {
    if (index > 0) breaks += 1;
    if (line === '') continue;
    const isDeep = /^\s/.test(line);
    const gone = value === '' || isDeep || isLastDeep ? 0 : 1;
    value += (gone === 1 && breaks === 1 ? ' ' : '\n'.repeat(breaks - gone * Math.min(breaks, 1))) + line;
    isLastDeep = isDeep;
    breaks = 0;
  }
  return value;
}
