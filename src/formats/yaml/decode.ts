import type { Problem, Span } from '../source.ts';

/** A file's text, or why it has none; then `lossy` is the text with replacement characters, to show the place. */
export type Decoded =
  | { readonly text: string; readonly problem: undefined }
  | { readonly text: undefined; readonly problem: Problem; readonly lossy: string };

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8');

/**
 * Bytes as UTF-8, strictly; a byte order mark is dropped. The problem (code `encoding`) names the first bad byte, or
 * UTF-16, of which `lossy` is the text.
 */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const wide = findUtf16(bytes);
  if (wide !== undefined) {
    const problem = problemAt('the file is UTF-16', { start: 0, end: 1 });
    return { text: undefined, lossy: new TextDecoder(wide).decode(bytes), problem };
  }
  try {
    return { text: strict.decode(bytes), problem: undefined };
  } catch {
    const lossy = lenient.decode(bytes);
    const at = firstReplaced(bytes, lossy);
    const what = `byte 0x${(bytes[at.byte] ?? 0).toString(16).padStart(2, '0')} at offset ${at.byte} is not UTF-8`;
    const span = { start: at.unit, end: Math.min(at.unit + 1, lossy.length) };
    return { text: undefined, lossy, problem: problemAt(what, span) };
  }
}

function problemAt(what: string, span: Span): Problem {
  return { code: 'encoding', message: `${what}; the file must be UTF-8 text`, span, pointer: '' };
}

/** By the byte order mark, or by the zeros around two ASCII characters at the beginning (YAML 1.2, section 5.2). */
function findUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = [first, second, third, fourth].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (bytes.length < 4) return undefined;
  if (zeros === 'x0x0') return 'utf-16le';
  return zeros === '0x0x' ? 'utf-16be' : undefined;
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
