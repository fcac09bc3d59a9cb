import { objectKey } from '../../../formats/dvc/layout.ts';
import type { Elsewhere, ListingEvidence, ObjectsEvidence } from '../../../rules/data/model.ts';
import { missing, unknown, type Book } from './book.ts';
import type { Listing } from './listings.ts';
import type { WantedOutput } from './must-check.ts';
import { keyOf, objectsOf, type ObjectName } from './objects-of.ts';

/** What rules are told, and the first object that is not there, for the search elsewhere. */
export interface Found {
  readonly evidence: ObjectsEvidence | undefined;
  readonly absent: ObjectName | undefined;
}

const nowhere: Elsewhere = { otherLayout: undefined, remotes: [] };
const named = 3;

/** Sums up the answers of an output's objects. */
export function findEvidence(wanted: WantedOutput, book: Book, listing: Listing | undefined): Found {
  const objects = objectsOf(wanted, listing);
  const listed = listingEvidence(wanted, listing);
  if (objects === undefined) {
    if (listed === undefined) return { evidence: undefined, absent: undefined };
    const evidence = {
      listing: listed,
      files: 0,
      missing: 0,
      firstMissing: [],
      bytes: undefined,
      elsewhere: nowhere,
    };
    return { evidence, absent: listing?.state === 'missing' ? listingObject(wanted) : undefined };
  }
  return countObjects(objects, book, listed);
}

function countObjects(
  objects: Iterable<ObjectName>,
  book: Book,
  listing: ListingEvidence | undefined,
): Found {
  const firstMissing: { path: string; key: string }[] = [];
  let absent: ObjectName | undefined;
  let [files, gone, bytes] = [0, 0, 0];
  let complete = true;
  for (const object of objects) {
    files += 1;
    const known = book.spaces[object.space].get(object.name) ?? unknown;
    if (known >= 0) {
      bytes += known;
      continue;
    }
    complete = false;
    if (known !== missing) continue;
    gone += 1;
    absent ??= object;
    if (firstMissing.length < named) firstMissing.push({ path: object.path, key: keyOf(object) });
  }
  const total = complete ? bytes : undefined;
  return {
    evidence: { listing, files, missing: gone, firstMissing, bytes: total, elsewhere: nowhere },
    absent,
  };
}

function listingEvidence(
  { tracked, remote }: WantedOutput,
  listing: Listing | undefined,
): ListingEvidence | undefined {
  const { hash } = tracked.output;
  if (hash?.directory !== true || remote?.versionAware === true || listing === undefined) return undefined;
  const reason = listing.state === 'broken' ? listing.reason : undefined;
  return { key: objectKey(hash.layout, hash.text), state: listing.state, reason };
}

function listingObject({ tracked }: WantedOutput): ObjectName | undefined {
  const { hash, path } = tracked.output;
  return hash === undefined ? undefined : { space: hash.layout, name: hash.text, path };
}
