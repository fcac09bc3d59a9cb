import type { StoreTrouble } from '../../../ports/object-store.ts';
import { missing, notAsked, refOf, unknown, type Book, type Space } from './book.ts';
import { inParallel } from './in-parallel.ts';
import { listingPays, mayList } from './plan.ts';
import type { Troubles } from './troubles.ts';

/** Questions sent to a store at once: bounds the memory of a batch, not its speed. */
const batchSize = 5000;
const listsAtOnce = 16;
/** A bucket with more pages than this is no content store as DVC writes it; its objects are asked for singly. */
const maxPages = 200;

/** Round three: asks for every object of the book that was not asked for yet. */
export async function askForObjects(book: Book, troubles: Troubles, signal: AbortSignal): Promise<void> {
  for (const space of ['files/md5', 'legacy', 'versions'] as const) {
    const known = book.spaces[space];
    const names = [...known.keys()].filter((name) => known.get(name) === notAsked);
    if (space !== 'versions' && mayList(names.length)) await listBuckets(book, { space, names }, signal);
    await askEach(book, space, troubles, signal);
  }
}

async function askEach(book: Book, space: Space, troubles: Troubles, signal: AbortSignal): Promise<void> {
  const known = book.spaces[space];
  const names = [...known.keys()].filter((name) => known.get(name) === notAsked);
  for (let at = 0; at < names.length; at += batchSize) {
    const batch = names.slice(at, at + batchSize);
    const refs = batch.map((name) => refOf(space, name));
    const states = await book.store.stat(refs, signal);
    for (const [index, name] of batch.entries()) {
      const state = states[index];
      if (state?.kind === 'present') known.set(name, state.size);
      else if (state?.kind === 'missing') known.set(name, missing);
      else {
        known.set(name, unknown);
        const trouble = state ?? { cause: 'unreachable', message: 'the store gave no answer' };
        troubles.note(trouble, { key: refs[index]?.key ?? name, url: book.where });
      }
    }
  }
}

/** Lists the two-digit buckets that hold wanted objects. What a listing cannot say is left to be asked singly. */
async function listBuckets(
  book: Book,
  wanted: { readonly space: 'files/md5' | 'legacy'; readonly names: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const buckets = new Map<string, string[]>();
  for (const name of wanted.names) {
    const bucket = name.slice(0, 2);
    const names = buckets.get(bucket);
    if (names === undefined) buckets.set(bucket, [name]);
    else names.push(name);
  }
  const [first, ...others] = buckets;
  if (first === undefined) return;
  const pagesEach = await listBucket(book, wanted.space, first, signal);
  const left = wanted.names.length - first[1].length;
  if (pagesEach === undefined || !listingPays({ wanted: left, buckets: others.length, pagesEach })) return;
  await inParallel(others, listsAtOnce, (bucket) => listBucket(book, wanted.space, bucket, signal));
}

/** The number of pages, or undefined when the listing met trouble. */
async function listBucket(
  book: Book,
  space: 'files/md5' | 'legacy',
  [bucket, names]: readonly [string, readonly string[]],
  signal: AbortSignal,
): Promise<number | undefined> {
  const known = book.spaces[space];
  const prefix = space === 'legacy' ? `${bucket}/` : `files/md5/${bucket}/`;
  let pages = 0;
  for await (const page of book.store.list(prefix, undefined, signal)) {
    if (isTrouble(page) || pages >= maxPages) return undefined;
    pages += 1;
    for (const { key, size } of page.objects) {
      const name = bucket + key.slice(prefix.length);
      if (known.get(name) === notAsked) known.set(name, size);
    }
  }
  for (const name of names) if (known.get(name) === notAsked) known.set(name, missing);
  return pages;
}

function isTrouble(page: StoreTrouble | { readonly kind: 'page' }): page is StoreTrouble {
  return page.kind === 'unknown';
}
