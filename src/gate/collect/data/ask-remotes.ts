import type { Unknown, WantedObject } from '../../../domain/verdict.ts';
import type { UrlInstead } from '../../../ports/object-store.ts';
import { plural } from '../../../report/text.ts';
import type { ObjectsEvidence, UnboundRemote } from '../../../rules/data/model.ts';
import type { CollectDeps } from '../../check.ts';
import { askForObjects } from './ask.ts';
import { bookSize, presentIn, type Book } from './book.ts';
import { findEvidence } from './evidence.ts';
import { fetchListings, listingId, type Listing, type ListingWish } from './listings.ts';
import { lookElsewhere, type Absence } from './look-elsewhere.ts';
import type { WantedOutput } from './must-check.ts';
import { enterObjects, objectsOf } from './objects-of.ts';
import { openRemotes, remoteId } from './open-remotes.ts';
import type { ParsedTree } from './parse-tree.ts';
import { createTroubles } from './troubles.ts';
import { wantedObjects } from './wanted-objects.ts';

/** What the remotes say of the outputs. */
export interface Answers {
  readonly evidence: ReadonlyMap<WantedOutput, ObjectsEvidence>;
  /** Where the url is not the committed one, by `remoteId`. */
  readonly instead: ReadonlyMap<string, UrlInstead>;
  readonly unbound: readonly UnboundRemote[];
  readonly unknowns: readonly Unknown[];
  readonly wanted: readonly WantedObject[];
  /** Distinct objects asked for. */
  readonly objects: number;
  /** Those of them that are there. */
  readonly proven: number;
}

/** Rounds two to four: listings, objects, and where else missing ones are. */
export async function askRemotes(
  outputs: readonly WantedOutput[],
  context: { readonly tree: ParsedTree; readonly deps: CollectDeps },
  signal: AbortSignal,
): Promise<Answers> {
  const { tree, deps } = context;
  const troubles = createTroubles();
  const opened = openRemotes(outputs, deps.stores);
  const pairs = outputs.flatMap((wanted): readonly Pair[] => {
    const book = wanted.remote === undefined ? undefined : opened.books.get(remoteId(wanted.remote));
    return book === undefined ? [] : [{ wanted, book, wish: wishOf(wanted, book) }];
  });
  const wishes = pairs.flatMap(({ wish }) => wish ?? []);
  if (wishes.length > 0) deps.progress(`reading ${plural(wishes.length, 'directory listing')}`);
  const listings = await fetchListings(wishes, { limits: deps.limits, troubles }, signal);
  const refused = enterAll(pairs, listings, deps.limits.objects);
  for (const book of opened.books.values()) {
    if (bookSize(book) > 0) deps.progress(`looking for ${plural(bookSize(book), 'object')} on ${book.where}`);
    await askForObjects(book, troubles, signal);
  }
  const { evidence, absences } = sumUp(pairs, listings);
  const elsewhere = await lookElsewhere(absences, { tree, stores: deps.stores }, signal);
  for (const [wanted, place] of elsewhere) {
    const known = evidence.get(wanted);
    if (known !== undefined) evidence.set(wanted, { ...known, elsewhere: place });
  }
  const books = [...opened.books.values()];
  return {
    evidence,
    instead: opened.instead,
    unbound: opened.unbound,
    unknowns: [...opened.unknowns, ...troubles.list(), ...tooMany(refused, deps)],
    wanted: wantedObjects(books, wishes, listings),
    objects: books.reduce((sum, book) => sum + bookSize(book), new Set(wishes.map(listingId)).size),
    proven: books.reduce((sum, book) => sum + presentIn(book), presentOf(listings)),
  };
}

function presentOf(listings: ReadonlyMap<string, Listing>): number {
  return [...listings.values()].filter(({ state }) => state === 'present').length;
}

interface Pair {
  readonly wanted: WantedOutput;
  readonly book: Book;
  readonly wish: ListingWish | undefined;
}

function wishOf({ tracked, remote }: WantedOutput, book: Book): ListingWish | undefined {
  const { hash } = tracked.output;
  return hash?.directory === true && remote?.versionAware !== true ? { book, hash } : undefined;
}

function listingFor({ wish }: Pair, listings: ReadonlyMap<string, Listing>): Listing | undefined {
  return wish === undefined ? undefined : listings.get(listingId(wish));
}

/** Enters every object once; answers how many the limit kept out. */
function enterAll(pairs: readonly Pair[], listings: ReadonlyMap<string, Listing>, limit: number): number {
  let room = limit;
  let refused = 0;
  for (const pair of pairs) {
    const objects = objectsOf(pair.wanted, listingFor(pair, listings));
    if (objects === undefined) continue;
    const result = enterObjects(pair.book, objects, room);
    room -= result.entered;
    refused += result.refused;
  }
  return refused;
}

function sumUp(
  pairs: readonly Pair[],
  listings: ReadonlyMap<string, Listing>,
): { readonly evidence: Map<WantedOutput, ObjectsEvidence>; readonly absences: readonly Absence[] } {
  const evidence = new Map<WantedOutput, ObjectsEvidence>();
  const absences: Absence[] = [];
  for (const pair of pairs) {
    const { wanted, book } = pair;
    const found = findEvidence(wanted, book, listingFor(pair, listings));
    if (found.evidence !== undefined) evidence.set(wanted, found.evidence);
    if (found.absent !== undefined) absences.push({ wanted, book, absent: found.absent });
  }
  return { evidence, absences };
}

function tooMany(refused: number, deps: CollectDeps): readonly Unknown[] {
  if (refused === 0) return [];
  const message = `more than ${deps.limits.objects} objects would have to be asked for; ${refused} were not`;
  const remedy =
    'raise limits.objects in the server configuration, or set data.scope to changed in the policy';
  return [{ what: `${refused} objects`, cause: 'limit', message, remedy }];
}
