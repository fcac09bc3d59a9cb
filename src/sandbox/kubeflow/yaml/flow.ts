import { problem, type Lines } from './lines.ts';
import { plainValue, readQuoted } from './scalars.ts';

/** A `{…}` or `[…]` that begins at `column` of the current line; returns the value and what follows it. */
export function readFlow(lines: Lines, column: number): { readonly value: unknown; readonly rest: string } {
  let at = column;
  const value = readValue();
  return { value, rest: (lines.texts[lines.at] ?? '').slice(at) };

  function next(): string {
    for (;;) {
      const line = lines.texts[lines.at];
      if (line === undefined) throw problem(lines, 'did not find the end of a flow collection');
      const blank = /^\s*(?:#.*)?/.exec(line.slice(at))?.[0].length ?? 0;
      at += blank;
      const character = line[at];
      if (character !== undefined) return character;
      lines.at += 1;
      at = 0;
    }
  }

  function readValue(): unknown {
    const first = next();
    if (first === '{') return readMap();
    if (first === '[') return readList();
    if (first === '"' || first === "'") return readText();
    const text = /^[^,{}[\]#]*?(?=\s*(?:[,{}[\]]|:(?:\s|$)|\s#|$))/.exec(
      (lines.texts[lines.at] ?? '').slice(at),
    );
    at += text?.[0].length ?? 0;
    return plainValue((text?.[0] ?? '').trim());
  }

  function readText(): string {
    const quoted = readQuoted(lines, at);
    at = quoted.column;
    return quoted.value;
  }

  function readList(): readonly unknown[] {
    const items: unknown[] = [];
    at += 1;
    while (next() !== ']') {
      items.push(readValue());
      skipComma(']');
    }
    at += 1;
    return items;
  }

  function readMap(): Readonly<Record<string, unknown>> {
    const entries: [string, unknown][] = [];
    at += 1;
    while (next() !== '}') {
      const key = String(readValue());
      if (next() !== ':') throw problem(lines, 'did not find a value in a flow mapping');
      at += 1;
      entries.push([key, readValue()]);
      skipComma('}');
    }
    at += 1;
    return Object.fromEntries(entries);
  }

  function skipComma(end: string): void {
    const character = next();
    if (character === ',') at += 1;
    else if (character !== end) throw problem(lines, `did not find expected ',' or '${end}'`);
  }
}
