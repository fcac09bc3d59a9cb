import type { Problem } from '../source.ts';

/** A file's text, or why it has none; then `lossy` is the text with replacement characters, to show the place. */
export type Decoded =
  | { readonly text: string; readonly problem: undefined }
  | { readonly text: undefined; readonly problem: Problem; readonly lossy: string };

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/** Bytes as UTF-8, strictly; a byte order mark is dropped. The problem (code `encoding`) names the first bad byte. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { text: strict.decode(bytes), problem: undefined };
  } catch {
    const lossy = lenient.decode(bytes);
    const at = firstReplaced(bytes, lossy);
    const message = `${describe(bytes, at.byte)}; the file must be UTF-8 text`;
    const span = { start: at.unit, end: Math.min(at.unit + 1, lossy.length) };
    return { text: undefined, lossy, problem: { code: 'encoding', message, span, pointer: '' } };
  }
}

function describe(bytes: Uint8Array, offset: number): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return 'the file is UTF-16';
  }
  return `byte 0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')} at offset ${offset} is not UTF-8`;
}

/** Where the lenient decoder put a replacement character that the bytes themselves do not spell. */
function firstReplaced(bytes: Uint8Array, lossy: string): { byte: number; unit: number } {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let byte = mark;
  let from = 0;
  for (let unit = lossy.indexOf('\uFFFD'); unit >= 0; unit = lossy.indexOf('\uFFFD', unit + 1)) {
    byte += Buffer.byteLength(lossy.slice(from, unit));
    from = unit;
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return { byte, unit };
  }
  return { byte: mark, unit: 0 };
}
