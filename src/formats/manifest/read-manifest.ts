import { decodeUtf8 } from '../yaml/decode.ts';
import { manifestSchema, type Manifest } from './schema.ts';

/** A manifest, or what is wrong with it, for people. */
export type ReadManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'broken'; readonly reason: string };

/** Reads a manifest strictly: every problem that is told names its place. */
export function readManifest(bytes: Buffer): ReadManifest {
  const { text } = decodeUtf8(bytes);
  const value = text === undefined ? undefined : parse(text);
  if (value === undefined) return { kind: 'broken', reason: 'it is not JSON in UTF-8' };
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const where = first === undefined || first.path.length === 0 ? 'it' : `"${first.path.join('.')}"`;
    return { kind: 'broken', reason: `${where}: ${first?.message ?? 'is wrong'}` };
  }
  const paths = parsed.data.files.map(({ path }) => path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) return { kind: 'broken', reason: `"files" names ${JSON.stringify(twice)} twice` };
  return { kind: 'manifest', manifest: parsed.data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
