import { awayPage } from '../access/away-page.ts';
import type { RepositoryId, Visitor } from '../access/visitor.ts';

/** Repositories that the host is asked about for one page, and at the same time. */
const mostAsked = 200;
const askedAtOnce = 8;
/** A host that did not answer so often is not asked for more: each question would take its time again. */
const mostSilences = askedAtOnce;

/** What hosts said for one list. */
export interface Answers {
  /** By name of the repository. */
  readonly mayRead: Map<string, boolean>;
  /** How often a host did not answer. */
  readonly silences: Map<string, number>;
}

/** Nobody was asked yet. */
export function noAnswers(): Answers {
  return { mayRead: new Map(), silences: new Map() };
}

/** The name that answers are kept by. */
export function repositoryName({ host, id }: RepositoryId): string {
  return `${host}/${id}`;
}

/** Asks once for each repository that nothing is known of yet. */
export async function askRights(
  repositories: readonly RepositoryId[],
  visitor: Visitor,
  { mayRead, silences }: Answers,
): Promise<void> {
  const unknown = new Map<string, RepositoryId>();
  for (const repository of repositories) {
    const name = repositoryName(repository);
    if (!mayRead.has(name) && mayRead.size + unknown.size < mostAsked) unknown.set(name, repository);
  }
  const waiting = [...unknown];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, repository] = next;
      if ((silences.get(repository.host) ?? 0) >= mostSilences) continue;
      try {
        mayRead.set(name, await visitor.mayRead(repository));
      } catch (thrown) {
        if (awayPage(thrown) === undefined) throw thrown;
        silences.set(repository.host, (silences.get(repository.host) ?? 0) + 1);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(askedAtOnce, waiting.length) }, work));
}
