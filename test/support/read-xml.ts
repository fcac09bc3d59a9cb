/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What XML 1.0 allows as a character. */
const characters = /^(?:[\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\ud800-\udbff][\udc00-\udfff])*$/;

/**
 * Reads the part of XML 1.0 that reports use (elements, attributes, text, the five entities), and is strict about it:
 * whatever else it meets is an error.
 */
export function readXml(document: string): XmlElement {
  if (!characters.test(document)) throw new Error('a character that XML 1.0 forbids');
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document);
  if (declaration === null) throw new Error('no declaration');
  const reader = { rest: document.slice(declaration[0].length) };
  const root = readElement(reader);
  if (reader.rest.trim() !== '') throw new Error(`more than one root: ${reader.rest.slice(0, 40)}`);
  return root;
}

function readElement(reader: { rest: string }): XmlElement {
  const [, name = ''] = take(reader, /^<([A-Za-z][\w-]*)/, 'an element');
  const attributes: Record<string, string> = {};
  for (;;) {
    const next = /^\s+([A-Za-z][\w-]*)="([^"<]*)"/.exec(reader.rest);
    if (next === null) break;
    reader.rest = reader.rest.slice(next[0].length);
    const [, key = '', value = ''] = next;
    if (Object.hasOwn(attributes, key)) throw new Error(`${key} twice`);
    attributes[key] = unescaped(value);
  }
  const [end] = take(reader, /^\s*\/?>/, `the end of <${name}`);
  if (end.endsWith('/>')) return { name, attributes, children: [], text: '' };
  const children: XmlElement[] = [];
  let text = '';
  for (;;) {
    const [run] = take(reader, /^[^<]*/, 'text');
    if (run.includes(']]>')) throw new Error(']]> in text');
    text += unescaped(run);
    if (reader.rest.startsWith('</')) break;
    children.push(readElement(reader));
  }
  const [, closed] = take(reader, /^<\/([\w-]+)\s*>/, `</${name}>`);
  if (closed !== name) throw new Error(`<${name}> is closed by </${closed}>`);
  return { name, attributes, children, text };
}

function take(reader: { rest: string }, pattern: RegExp, what: string): RegExpExecArray {
  const found = pattern.exec(reader.rest);
  if (found === null) throw new Error(`expected ${what}: ${reader.rest.slice(0, 40)}`);
  reader.rest = reader.rest.slice(found[0].length);
  return found;
}

function unescaped(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? entities[name] : undefined;
    if (character === undefined) throw new Error(`an entity that is none: ${whole.slice(0, 20)}`);
    return character;
  });
}
