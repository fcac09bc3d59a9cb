import { documentsOf, peek, problem, type Lines } from './lines.ts';
import { readFlow } from './flow.ts';
import { fold, plainValue, readBlockText, readQuoted } from './scalars.ts';

/**
 * Reads the YAML that pipeline compilers write: block style, all scalars, flow collections; no anchors, aliases,
 * tags or complex keys. Empty documents are left out.
 * @throws YamlProblem
 */
export function readYamlDocuments(text: string): readonly unknown[] {
  const values: unknown[] = [];
  for (const lines of documentsOf(text)) {
    if (peek(lines) === undefined) continue;
    values.push(readBlock(lines, 0));
    if (peek(lines) !== undefined) throw problem(lines, 'did not find expected <document start>');
  }
  return values;
}

/** The node that begins at the next line, if it is at least so far in. */
function readBlock(lines: Lines, least: number): unknown {
  const next = peek(lines);
  if (next === undefined || next.indent < least) return null;
  if (isItem(next.text)) return readSequence(lines, next.indent);
  if (keyOf(lines, next.indent) !== undefined) return readMapping(lines, next.indent);
  return readInline(lines, next.indent, next.indent - 1);
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function readSequence(lines: Lines, indent: number): readonly unknown[] {
  const items: unknown[] = [];
  for (let next = peek(lines); next?.indent === indent && isItem(next.text); next = peek(lines)) {
    lines.texts[lines.at] = `${' '.repeat(indent + 1)}${next.text.slice(1)}`;
    items.push(readBlock(lines, indent + 1));
  }
  refuseFrom(lines, indent + 1);
  return items;
}

function readMapping(lines: Lines, indent: number): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>();
  for (let next = peek(lines); next?.indent === indent; next = peek(lines)) {
    const key = isItem(next.text) ? undefined : keyOf(lines, indent);
    if (key === undefined) break;
    if (entries.has(key.name)) throw problem(lines, `mapping key "${key.name}" already defined`);
    entries.set(key.name, readEntry(lines, key.end, indent));
  }
  refuseFrom(lines, indent);
  return Object.fromEntries(entries);
}

/** A collection has ended: what follows stands further out. */
function refuseFrom(lines: Lines, indent: number): void {
  const next = peek(lines);
  if (next !== undefined && next.indent >= indent) throw problem(lines, 'did not find expected key');
}

/** The key at `column` of the current line, and the column behind its colon. */
function keyOf(lines: Lines, column: number): { readonly name: string; readonly end: number } | undefined {
  const line = lines.texts[lines.at] ?? '';
  const text = line.slice(column);
  if (/^[&*!?%@`]/.test(text)) throw problem(lines, 'found what pipeline files do not have');
  const found =
    /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#'"[{|>-][^#]*?|-[^\s#][^#]*?))\s*:(?=\s|$)/.exec(text);
  if (found === null) return undefined;
  const quoted = found[3] === undefined;
  const name = quoted ? readQuoted({ texts: [found[0]], at: 0, before: 0 }, 0).value : found[3];
  return { name: name ?? '', end: column + found[0].length };
}

/** The value behind a key. */
function readEntry(lines: Lines, column: number, indent: number): unknown {
  const rest = (lines.texts[lines.at] ?? '').slice(column);
  if (/^\s*(?:#.*)?$/.test(rest)) {
    lines.at += 1;
    const next = peek(lines);
    if (next?.indent === indent && isItem(next.text)) return readSequence(lines, indent);
    return readBlock(lines, indent + 1);
  }
  return readInline(lines, column + rest.length - rest.trimStart().length, indent);
}

/** A value that begins at `column` of the current line, below a node of indentation `parent`. */
function readInline(lines: Lines, column: number, parent: number): unknown {
  const text = (lines.texts[lines.at] ?? '').slice(column);
  const first = text[0] ?? '';
  if (first === '|' || first === '>') return readBlockText(lines, text, parent);
  if (/[&*!%@`]/.test(first) || isItem(text)) throw problem(lines, 'found what pipeline files do not have');
  const quoted = first === '"' || first === "'";
  if (!quoted && first !== '{' && first !== '[') return readPlain(lines, text, parent);
  const { value, rest } = quoted ? readQuoted(lines, column) : readFlow(lines, column);
  if (!/^\s*(?:#.*)?$/.test(rest)) throw problem(lines, 'did not find expected key');
  lines.at += 1;
  return value;
}

function readPlain(lines: Lines, text: string, parent: number): unknown {
  const parts = [text];
  lines.at += 1;
  for (; lines.at < lines.texts.length; lines.at += 1) {
    const line = lines.texts[lines.at] ?? '';
    const inner = line.trimStart();
    if (inner !== '' && (line.length - inner.length <= parent || inner.startsWith('#'))) break;
    parts.push(line);
  }
  while (parts.length > 1 && parts.at(-1)?.trim() === '') parts.pop();
  const bare = parts.map((part) => part.replace(/\s+#.*$/, '').trimEnd());
  for (const part of bare) {
    if (/:(?:\s|$)/.test(part)) throw problem(lines, 'mapping values are not allowed in this context');
  }
  return plainValue(fold(bare));
}
