import type { WantedObject } from '../../../domain/verdict.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import { missing, refOf, unknown, type Book } from './book.ts';
import type { Listing, ListingWish } from './listings.ts';
import { listingId } from './listings.ts';

/** Enough to notice that a push has come: then everything is asked again anyway. */
const remembered = 1000;

/** Objects that are missing or unknown, listings first, to be asked for again. */
export function wantedObjects(
  books: Iterable<Book>,
  wishes: readonly ListingWish[],
  listings: ReadonlyMap<string, Listing>,
): readonly WantedObject[] {
  const wanted = new Map<string, WantedObject>();
  function add(book: Book, key: string, version: string | undefined): void {
    const { name, url } = book.remote;
    // What is kept is shown and stored: a url with something to hide is not kept, and without it it is another url.
    if (redactUrl(url) !== url) return;
    const object = { remote: name, url, key, version };
    if (wanted.size < remembered) wanted.set(JSON.stringify(object), object);
  }
  for (const wish of wishes) {
    const state = listings.get(listingId(wish))?.state;
    const { hash, book } = wish;
    if (state === 'missing' || state === 'unknown') add(book, refOf(hash.layout, hash.text).key, undefined);
  }
  for (const book of books) {
    for (const space of ['files/md5', 'legacy', 'versions'] as const) {
      for (const [name, known] of book.spaces[space]) {
        if (known !== missing && known !== unknown) continue;
        if (wanted.size >= remembered) return [...wanted.values()];
        const { key, version } = refOf(space, name);
        add(book, key, version);
      }
    }
  }
  return [...wanted.values()];
}
