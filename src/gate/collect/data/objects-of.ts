import { versionedKey } from '../../../formats/dvc/layout.ts';
import type { Listing } from './listings.ts';
import { notAsked, refOf, versionName, type Book, type Space } from './book.ts';
import type { WantedOutput } from './must-check.ts';

/** One object of an output: its name in the book, and the file's path below the directory. */
export interface ObjectName {
  readonly space: Space;
  readonly name: string;
  readonly path: string;
}

/**
 * The objects that an output's files are (specs dvc 4.1 to 4.3), the listing of a directory not counted. undefined:
 * they cannot be named, because the listing is not there or the metafile records no version.
 */
export function objectsOf(
  wanted: WantedOutput,
  listing: Listing | undefined,
): Iterable<ObjectName> | undefined {
  const { tracked, remote } = wanted;
  const { output } = tracked;
  if (remote?.versionAware === true) return versionsOf(wanted);
  if (output.files !== undefined) return memberObjects(output.files);
  if (output.hash === undefined) return undefined;
  const { hash } = output;
  if (!hash.directory) return [{ space: hash.layout, name: hash.text, path: output.path }];
  return listing?.state === 'present' ? listedObjects(listing, hash.layout) : undefined;
}

function* memberObjects(
  files: NonNullable<WantedOutput['tracked']['output']['files']>,
): Iterable<ObjectName> {
  for (const { relpath, hash } of files) {
    if (hash !== undefined) yield { space: hash.layout, name: hash.text, path: relpath };
  }
}

function* listedObjects(listing: Listing & { state: 'present' }, layout: Space): Iterable<ObjectName> {
  const { hashes, paths } = listing.listing;
  for (const [index, name] of hashes.entries()) yield { space: layout, name, path: paths[index] ?? '' };
}

function versionsOf({ tracked }: WantedOutput): Iterable<ObjectName> | undefined {
  const { output, path = '', root = '' } = tracked;
  if (output.files === undefined) {
    const version = output.cloud?.versionId;
    return version === undefined
      ? undefined
      : [{ space: 'versions', name: versionName(versionedKey(root, path), version), path: output.path }];
  }
  return output.files.flatMap(({ relpath, cloud }): readonly ObjectName[] => {
    const version = cloud?.versionId;
    if (version === undefined) return [];
    return [
      { space: 'versions', name: versionName(versionedKey(root, path, relpath), version), path: relpath },
    ];
  });
}

/** Enters objects to be asked for, `room` of them at most; answers how many were not entered for want of room. */
export function enterObjects(
  book: Book,
  objects: Iterable<ObjectName>,
  room: number,
): { entered: number; refused: number } {
  let entered = 0;
  let refused = 0;
  for (const { space, name } of objects) {
    const known = book.spaces[space];
    if (known.has(name)) continue;
    if (entered >= room) {
      refused += 1;
      continue;
    }
    known.set(name, notAsked);
    entered += 1;
  }
  return { entered, refused };
}

/** The key of an object. */
export function keyOf({ space, name }: ObjectName): string {
  return refOf(space, name).key;
}
