import { readDirListing, type DirListing } from '../../../formats/dvc/dir-listing.ts';
import { objectKey, type Hash } from '../../../formats/dvc/layout.ts';
import type { Limits } from '../../../limits.ts';
import type { Book } from './book.ts';
import { inParallel } from './in-parallel.ts';
import { remoteId } from './open-remotes.ts';
import type { Troubles } from './troubles.ts';

/** A directory's listing, or why there is none. */
export type Listing =
  | { readonly state: 'present'; readonly listing: DirListing }
  | { readonly state: 'missing' | 'unknown' }
  | { readonly state: 'broken'; readonly reason: string };

/** A listing to fetch. */
export interface ListingWish {
  readonly book: Book;
  readonly hash: Hash;
}

const fetchesAtOnce = 8;

/** Which listing it is, over all remotes. */
export function listingId({ book, hash }: ListingWish): string {
  return JSON.stringify([remoteId(book.remote), hash.layout, hash.text]);
}

/** Round two: fetches `.dir` objects and proves each by its md5 (specs dvc 4.6, step 2). Each is fetched once. */
export async function fetchListings(
  wishes: readonly ListingWish[],
  deps: { readonly limits: Limits; readonly troubles: Troubles },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Listing>> {
  const distinct = new Map(wishes.map((wish) => [listingId(wish), wish]));
  const listings = new Map<string, Listing>();
  await inParallel([...distinct], fetchesAtOnce, async ([id, wish]) => {
    listings.set(id, await fetchListing(wish, deps, signal));
  });
  return listings;
}

async function fetchListing(
  { book, hash }: ListingWish,
  { limits, troubles }: { readonly limits: Limits; readonly troubles: Troubles },
  signal: AbortSignal,
): Promise<Listing> {
  const key = objectKey(hash.layout, hash.text);
  const where = { key, url: book.where };
  const content = await book.store.get({ key }, limits.listingBytes, signal);
  switch (content.kind) {
    case 'content': {
      const read = readDirListing(content.bytes, hash);
      if (read.kind === 'broken') return { state: 'broken', reason: read.reason };
      return { state: 'present', listing: read.listing };
    }
    case 'missing':
      return { state: 'missing' };
    case 'too-large':
      troubles.note(
        {
          cause: 'limit',
          message: `a listing is larger than ${limits.listingBytes} bytes (limits.listingBytes)`,
        },
        where,
      );
      return { state: 'unknown' };
    default:
      troubles.note(content, where);
      return { state: 'unknown' };
  }
}
