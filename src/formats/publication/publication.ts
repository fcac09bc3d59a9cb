import { z } from 'zod';
import type { PublishedModel } from '../../domain/model.ts';

const schema = z.object({
  version: z.literal(1),
  uri: z.string(),
  identity: z.string(),
  files: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
});

/** What is written beside a published model when everything of it is proven. The same model has the same text. */
export function publicationText({ uri, identity, files }: PublishedModel, format: string): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ version: 1, uri, identity, format, files: sorted }, undefined, 2)}\n`;
}

/** Reads `publicationText`; undefined: it is none. */
export function readPublication(bytes: Buffer): PublishedModel | undefined {
  const { data } = schema.safeParse(parse(bytes));
  return data && { uri: data.uri, identity: data.identity, files: data.files };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
