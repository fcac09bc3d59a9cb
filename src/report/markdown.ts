import { codeSpans, harmlessLines, oneLine } from './text.ts';

/**
 * Text from repositories in Markdown of both hosts. Escaping alone is not enough: hosts look for mentions,
 * references and addresses in the rendered text too, so an invisible joiner stands where one would begin
 * (specs git-hosts 3.4).
 */
const joiner = '\u2060';

/** Running text on one line. Never put it at the start of a line: that is where block syntax and quick actions begin. */
export function escapeText(text: string): string {
  return oneLine(text)
    .replace(/[@#!%~$&^*[{](?=[\w"'+-])/g, `$&${joiner}`)
    .replace(/:(?=\/\/)/g, `:${joiner}`)
    .replace(/www(?=\.)/gi, `$&${joiner}`)
    .replace(/[A-Za-z][A-Za-z0-9_]*(?=-\d)/g, `$&${joiner}`)
    .replace(/[\\`*_[\]{}|~$#!<>&]/g, (character) => entities[character] ?? `\\${character}`);
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** One of our sentences, with what it names in backticks as code. Never put it at the start of a line. */
export function sentence(text: string, names: readonly string[] = []): string {
  return codeSpans(oneLine(text), names.map(oneLine))
    .map((part) => (part.isCode ? inlineCode(part.text) : escapeText(part.text)))
    .join('');
}

/** A name, path or value as code on one line. A bar would end a table's cell even here, so it becomes another bar. */
export function inlineCode(text: string): string {
  const line = oneLine(text).replaceAll('|', '│');
  if (line.trim() === '') return '(empty)';
  const fence = '`'.repeat(longestRun(line) + 1);
  const padding = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${padding}${line}${padding}${fence}`;
}

/**
 * A block of code, fenced by exactly three backticks at the start of the line: readers of quick actions know no
 * other block. Longer runs inside are broken, and no line inside begins with a slash.
 */
export function fenced(text: string, language: string): string {
  const lines = harmlessLines(text).map((line) =>
    line.replace(/`{2}(?=`)/g, `$&${joiner}`).replace(/^\s*(?=\/)/, `$&${joiner}`),
  );
  return ['```' + language, ...lines, '```'].join('\n');
}

/** A link of our own: the address is ours, the text is given as Markdown. */
export function link(markdown: string, url: string): string {
  return `[${markdown}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
