import type { RunSummary } from '../../domain/run-summary.ts';
import { subjectKey } from '../../domain/subject.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import { awayPage } from '../access/away-page.ts';
import type { RepositoryId, Visitor } from '../access/visitor.ts';

/** Summaries that are read at a time, and of all runs together. */
const atOnce = 200;
const mostRuns = 1000;
/** Changes that are listed. */
const mostChanges = 200;
/** Repositories that the host is asked about for one page, and at the same time. */
const mostAsked = 200;
const askedAtOnce = 8;
/** A host that did not answer so often is not asked for more: each question would take its time again. */
const mostSilences = askedAtOnce;

/** What the list of runs shows, and what it has to admit. */
export interface ListedRuns {
  /** The newest run of each change that the visitor may read, newest first. */
  readonly runs: readonly RunSummary[];
  /** There are more, that were not looked at. */
  readonly cut: boolean;
  /** Hosts that do not say at the moment what the visitor may read: what they were asked about is left out. */
  readonly away: readonly string[];
}

/** What hosts said for one list. */
interface Answers {
  /** By name of the repository. */
  readonly mayRead: Map<string, boolean>;
  /** How often a host did not answer. */
  readonly silences: Map<string, number>;
}

/** Lists what the visitor may read. */
export async function listRuns(
  runLists: RunLists,
  visitor: Visitor,
  repository: RepositoryId | undefined,
): Promise<ListedRuns> {
  const answers: Answers = { mayRead: new Map(), silences: new Map() };
  const changes = new Map<string, RunSummary>();
  let unasked = false;
  for (let offset = 0; offset < mostRuns; offset += atOnce) {
    const batch = await runLists.recent(offset, atOnce);
    if (batch.length === 0) return listed(changes, unasked, answers);
    const wanted = batch.filter((run) => repository === undefined || isOf(run, repository));
    await ask(wanted, visitor, answers);
    for (const run of wanted) {
      const key = subjectKey(run.subject);
      const mayRead = answers.mayRead.get(nameOf(run));
      unasked ||= mayRead === undefined && !answers.silences.has(run.subject.host);
      if (mayRead === true && !changes.has(key)) changes.set(key, run);
    }
    if (changes.size >= mostChanges) return listed(changes, true, answers);
  }
  return listed(changes, true, answers);
}

function listed(changes: ReadonlyMap<string, RunSummary>, cut: boolean, { silences }: Answers): ListedRuns {
  return { runs: [...changes.values()].slice(0, mostChanges), cut, away: [...silences.keys()] };
}

/** Asks once for each repository. */
async function ask(runs: readonly RunSummary[], visitor: Visitor, answers: Answers): Promise<void> {
  const { mayRead, silences } = answers;
  const unknown = new Map<string, RepositoryId>();
  for (const run of runs) {
    const { host, repositoryId: id } = run.subject;
    if (!mayRead.has(nameOf(run)) && mayRead.size + unknown.size < mostAsked)
      unknown.set(nameOf(run), { host, id });
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

function nameOf({ subject }: RunSummary): string {
  return `${subject.host}/${subject.repositoryId}`;
}

function isOf({ subject }: RunSummary, { host, id }: RepositoryId): boolean {
  return subject.host === host && subject.repositoryId === id;
}
