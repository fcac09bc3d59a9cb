import { objectKey, type Layout } from '../../../formats/dvc/layout.ts';
import { findRemote, type ResolvedRemote } from '../../../formats/dvc/remotes.ts';
import type { ObjectRef, ObjectStore, ObjectStores } from '../../../ports/object-store.ts';
import type { Elsewhere } from '../../../rules/data/model.ts';
import type { Book } from './book.ts';
import type { WantedOutput } from './must-check.ts';
import type { ObjectName } from './objects-of.ts';
import type { ParsedTree } from './parse-tree.ts';

/** An output with an object that is not where it should be. */
export interface Absence {
  readonly wanted: WantedOutput;
  readonly book: Book;
  readonly absent: ObjectName;
}

/** Hints are for people: this many outputs get one. */
const hinted = 20;
const remotesAsked = 5;

interface Question extends ObjectRef {
  readonly absence: Absence;
  readonly name: string | undefined;
}

/**
 * Round four: looks for what is missing in the same remote's other layout and on the project's other remotes
 * (specs dvc 4.6, step 4). Silent about every trouble: it serves the message only.
 */
export async function lookElsewhere(
  absences: readonly Absence[],
  deps: { readonly tree: ParsedTree; readonly stores: ObjectStores },
  signal: AbortSignal,
): Promise<ReadonlyMap<WantedOutput, Elsewhere>> {
  const questions = new Map<string, { readonly store: ObjectStore; readonly asked: Question[] }>();
  for (const absence of absences.slice(0, hinted)) {
    for (const { store, id, question } of questionsOf(absence, deps)) {
      const group = questions.get(id) ?? { store, asked: [] };
      group.asked.push(question);
      questions.set(id, group);
    }
  }
  const found = new Map<WantedOutput, Elsewhere>();
  for (const { store, asked } of questions.values()) {
    const states = await store.stat(asked, signal);
    for (const [index, question] of asked.entries()) {
      if (states[index]?.kind === 'present') remember(found, question);
    }
  }
  return found;
}

function* questionsOf(
  absence: Absence,
  deps: { readonly tree: ParsedTree; readonly stores: ObjectStores },
): Iterable<{ readonly store: ObjectStore; readonly id: string; readonly question: Question }> {
  const { book, absent, wanted } = absence;
  if (absent.space === 'versions') return;
  const other: Layout = absent.space === 'legacy' ? 'files/md5' : 'legacy';
  const key = objectKey(other, absent.name);
  yield { store: book.store, id: `own ${book.remote.name}`, question: { key, absence, name: undefined } };
  for (const remote of otherRemotes(wanted, book, deps.tree)) {
    const { name, url, settings } = remote;
    const opened = deps.stores.open({ name, url, settings });
    if (opened.kind !== 'open') continue;
    const question = { key: objectKey(absent.space, absent.name), absence, name };
    yield { store: opened.store, id: JSON.stringify([wanted.tracked.root, name]), question };
  }
}

function otherRemotes(wanted: WantedOutput, book: Book, tree: ParsedTree): readonly ResolvedRemote[] {
  const config = tree.projects.get(wanted.tracked.root ?? '')?.config;
  if (config === undefined) return [];
  const names = [...config.remotes.keys()].filter((name) => name !== book.remote.name).slice(0, remotesAsked);
  return names.flatMap((name) => {
    const found = findRemote(config, name);
    return found.kind === 'remote' && !found.remote.versionAware && found.remote.url !== book.remote.url
      ? [found.remote]
      : [];
  });
}

function remember(found: Map<WantedOutput, Elsewhere>, { absence, key, name }: Question): void {
  const before = found.get(absence.wanted) ?? { otherLayout: undefined, remotes: [] };
  const next =
    name === undefined ? { ...before, otherLayout: key } : { ...before, remotes: [...before.remotes, name] };
  found.set(absence.wanted, next);
}
