import type { Unknown } from '../../../domain/verdict.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import type { ResolvedRemote } from '../../../formats/dvc/remotes.ts';
import type { ObjectStores, UrlInstead } from '../../../ports/object-store.ts';
import type { UnboundRemote } from '../../../rules/data/model.ts';
import { createBook, type Book } from './book.ts';
import type { WantedOutput } from './must-check.ts';

/** The books of all remotes that can be asked, by `remoteId`, and what there is to say of the others. */
export interface OpenedRemotes {
  readonly books: ReadonlyMap<string, Book>;
  /** Where the url is not the committed one, by `remoteId`. */
  readonly instead: ReadonlyMap<string, UrlInstead>;
  readonly unbound: readonly UnboundRemote[];
  readonly unknowns: readonly Unknown[];
}

/** Two remotes are one when they would be opened alike. */
export function remoteId(remote: ResolvedRemote): string {
  return JSON.stringify([remote.name, remote.url, remote.settings]);
}

/** Opens every remote that an output needs, once. */
export function openRemotes(wanted: readonly WantedOutput[], stores: ObjectStores): OpenedRemotes {
  const needed = new Map<string, { readonly remote: ResolvedRemote; outputs: number }>();
  for (const { remote } of wanted) {
    if (remote === undefined) continue;
    const entry = needed.get(remoteId(remote)) ?? { remote, outputs: 0 };
    entry.outputs += 1;
    needed.set(remoteId(remote), entry);
  }
  const books = new Map<string, Book>();
  const instead = new Map<string, UrlInstead>();
  const unbound: UnboundRemote[] = [];
  const unknowns: Unknown[] = [];
  for (const [id, { remote, outputs }] of needed) {
    const { name, url, settings, at } = remote;
    const opened = stores.open({ name, url, settings });
    const { kind } = opened;
    if (opened.instead !== undefined) instead.set(id, opened.instead);
    if (kind === 'open') {
      books.set(id, createBook(remote, opened));
    } else if (kind === 'not-bound') {
      unbound.push({
        name,
        url: redactUrl(url),
        at,
        message: opened.message,
        remedy: opened.remedy,
        outputs,
      });
    } else {
      const what = `${outputs} ${outputs === 1 ? 'output' : 'outputs'} on remote ${name} (${whereOf(opened.instead, url)})`;
      unknowns.push({ what, cause: 'unsupported', message: opened.message, remedy: opened.remedy });
    }
  }
  return { books, instead, unbound, unknowns };
}

function whereOf(instead: UrlInstead | undefined, url: string): string {
  return instead === undefined ? redactUrl(url) : `${instead.url}, from ${instead.from}`;
}
