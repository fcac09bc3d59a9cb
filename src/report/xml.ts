import { harmlessLines, oneLine } from './text.ts';

/** Attributes of an element, in their order; each value becomes one line. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An element with nothing in it, or with children of its own, each on lines of its own. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const head = `<${name}${Object.entries(attributes).map(attribute).join('')}`;
  if (children.length === 0) return `${head}/>`;
  return [`${head}>`, ...children.map(indented), `</${name}>`].join('\n');
}

/** An element that holds text alone: whatever the text is, the lines stay as they are. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  const head = `<${name}${Object.entries(attributes).map(attribute).join('')}`;
  const body = harmlessLines(text).map(escaped).join('\n');
  return body === '' ? `${head}/>` : `${head}>${body}</${name}>`;
}

function attribute([name, value]: readonly [string, string | number]): string {
  return ` ${name}="${escaped(oneLine(String(value)).trim())}"`;
}

/**
 * Controls and lone surrogates were made visible before; of what is left XML 1.0 forbids two characters alone. `>` is
 * escaped for the sake of `]]>`.
 */
function escaped(text: string): string {
  return text
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text may stand over several lines: only lines that begin an element are moved, for in a text every `<` is escaped. */
function indented(child: string): string {
  return child.replace(/^(?= *<)/gm, '  ');
}
