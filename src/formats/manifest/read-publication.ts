import { z } from 'zod';
import type { PublishedModel } from '../../domain/model.ts';

/** What we write beside a published model when all of it is there. */
const publicationSchema = z.looseObject({
  version: z.literal(1),
  uri: z.string(),
  identity: z.string(),
  files: z.array(
    z.looseObject({
      path: z.string(),
      size: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** Reads a publication's manifest; undefined: it is none. */
export function readPublication(bytes: Buffer): PublishedModel | undefined {
  const parsed = publicationSchema.safeParse(parse(bytes.toString('utf8')));
  if (!parsed.success) return undefined;
  const { uri, identity, files } = parsed.data;
  return { uri, identity, files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
