import { createHash } from 'node:crypto';

/** A small tracked file. */
export interface DataFile {
  readonly name: string;
  readonly content: string;
  readonly md5: string;
}

/** The same files in every process that asks for as many. */
export function dataFiles(count: number): readonly DataFile[] {
  return Array.from({ length: count }, (_, index) => {
    const content = `row ${index}\n`;
    return { name: `part-${String(index).padStart(5, '0')}.csv`, content, md5: md5(content) };
  });
}

/** Object keys and contents below the remote: every file, and the listing where they make a directory. */
export function objectsOf(
  files: readonly DataFile[],
  layout: Layout,
): readonly (readonly [key: string, content: string])[] {
  const objects = files.map((file) => [keyOf(file.md5), file.content] as const);
  if (layout === 'files') return objects;
  const listing = listingOf(files);
  return [...objects, [`${keyOf(md5(listing))}.dir`, listing]];
}

/** One `.dvc` file for each, or one for all. */
export type Layout = 'files' | 'directory';

/** Paths and texts of what is committed. */
export function pointersOf(files: readonly DataFile[], layout: Layout): Readonly<Record<string, string>> {
  if (layout === 'directory') {
    const listing = listingOf(files);
    const size = files.reduce((sum, { content }) => sum + content.length, 0);
    const text = `outs:\n- md5: ${md5(listing)}.dir\n  size: ${size}\n  nfiles: ${files.length}\n  hash: md5\n  path: parts\n`;
    return { 'data/parts.dvc': text };
  }
  return Object.fromEntries(
    files.map(({ name, content, md5: hash }, index) => {
      const text = `outs:\n- md5: ${hash}\n  size: ${content.length}\n  hash: md5\n  path: ${name}\n`;
      return [`data/batch-${index % 50}/${name}.dvc`, text];
    }),
  );
}

/** As DVC writes it: sorted by path, with a blank after commas and colons. */
function listingOf(files: readonly DataFile[]): string {
  const entries = files.map(({ name, md5: hash }) => `{"md5": "${hash}", "relpath": "${name}"}`);
  return `[${entries.join(', ')}]`;
}

function keyOf(hash: string): string {
  return `files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`;
}

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}
