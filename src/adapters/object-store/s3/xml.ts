const deepest = 16;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Walks the plain XML that object stores answer with, in one pass: `visit` is told of each element at its end, its path
 * as `A/B/C` and the text since the last tag. No attributes, namespaces or entities of its own.
 * Returns whether the text was such XML to its end.
 */
export function readXml(xml: string, visit: (path: string, text: string) => void): boolean {
  const path: string[] = [];
  let at = 0;
  let text = '';
  let seen = false;
  for (let open = xml.indexOf('<'); open !== -1; open = xml.indexOf('<', at)) {
    text += decodeEntities(xml.slice(at, open));
    const tag = tagAt(xml, open);
    if (tag === undefined) return false;
    at = tag.end;
    if (tag.kind === 'cdata') text += tag.name;
    if (tag.kind === 'start' || tag.kind === 'empty') {
      seen = true;
      text = '';
      path.push(tag.name);
      if (path.length > deepest) return false;
    }
    if (tag.kind === 'end' && tag.name !== path.at(-1)) return false;
    if (tag.kind === 'end' || tag.kind === 'empty') {
      visit(path.join('/'), text);
      path.pop();
      text = '';
    }
  }
  return seen && path.length === 0;
}

interface Tag {
  readonly kind: 'start' | 'end' | 'empty' | 'cdata' | 'other';
  /** The element's name; the content of a CDATA section. */
  readonly name: string;
  /** Offset behind the tag. */
  readonly end: number;
}

/** The tag that starts at `open`; undefined when it does not end, or is a DOCTYPE. */
function tagAt(xml: string, open: number): Tag | undefined {
  if (xml.startsWith('<!--', open)) return upTo(xml, open, '-->', 'other');
  if (xml.startsWith('<?', open)) return upTo(xml, open, '?>', 'other');
  if (xml.startsWith('<![CDATA[', open)) {
    const section = upTo(xml, open, ']]>', 'cdata');
    return section && { ...section, name: xml.slice(open + 9, section.end - 3) };
  }
  if (xml.startsWith('<!', open)) return undefined;
  const tag = upTo(xml, open, '>', 'other');
  if (tag === undefined) return undefined;
  const inside = xml.slice(open + 1, tag.end - 1);
  if (inside.startsWith('/')) return { kind: 'end', name: inside.slice(1).trim(), end: tag.end };
  const name = /^[^\s/]+/.exec(inside)?.[0];
  if (name === undefined) return undefined;
  return { kind: inside.endsWith('/') ? 'empty' : 'start', name, end: tag.end };
}

function upTo(xml: string, open: number, mark: string, kind: Tag['kind']): Tag | undefined {
  const close = xml.indexOf(mark, open);
  return close === -1 ? undefined : { kind, name: '', end: close + mark.length };
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
