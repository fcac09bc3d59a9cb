/** A YAML text that the reader cannot read; the line counts from 1. */
export class YamlProblem extends Error {
  override readonly name = 'YamlProblem';

  constructor(line: number, message: string) {
    super(`yaml: line ${line}: ${message}`);
  }
}

/** The lines of one document and how far they are read. */
export interface Lines {
  readonly texts: string[];
  /** Index of the first line that is not read. */
  at: number;
  /** Lines in front of this document. */
  readonly before: number;
}

/** The next line that is neither blank nor a comment: its indentation and text; undefined at the end. */
export function peek(lines: Lines): { readonly indent: number; readonly text: string } | undefined {
  for (; lines.at < lines.texts.length; lines.at += 1) {
    const line = lines.texts[lines.at] ?? '';
    const text = line.trimStart();
    if (text === '' || text.startsWith('#')) continue;
    const indent = line.length - text.length;
    if (line.slice(0, indent).includes('\t'))
      throw problem(lines, 'found character that cannot start any token');
    return { indent, text };
  }
  return undefined;
}

/** A problem at the line that is being read. */
export function problem(lines: Lines, message: string): YamlProblem {
  return new YamlProblem(lines.before + lines.at + 1, message);
}

/** The documents of a text, apart. */
export function documentsOf(text: string): readonly Lines[] {
  const documents: Lines[] = [];
  let texts: string[] = [];
  let before = 0;
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [index, line] of all.entries()) {
    if (!/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      texts.push(line);
      continue;
    }
    documents.push({ texts, at: 0, before });
    texts = [line.slice(3)];
    before = index;
  }
  documents.push({ texts, at: 0, before });
  return documents;
}
