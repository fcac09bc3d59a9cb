import type { RunSummary } from '../../domain/run-summary.ts';
import { subjectKey } from '../../domain/subject.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { RepositoryId, Visitor } from '../access/visitor.ts';
import { askRights, noAnswers, repositoryName, type Answers } from './ask-rights.ts';

/** Summaries that are read at a time, and of all runs together. */
const atOnce = 200;
const mostRuns = 1000;
/** Changes that are listed. */
const mostChanges = 200;
/** What the list of runs shows, and what it has to admit. */
export interface ListedRuns {
  /** The newest run of each change that the visitor may read, newest first. */
  readonly runs: readonly RunSummary[];
  /** There are more, that were not looked at. */
  readonly cut: boolean;
  /** Hosts that do not say at the moment what the visitor may read: what they were asked about is left out. */
  readonly away: readonly string[];
}

/** Lists what the visitor may read. */
export async function listRuns(
  runLists: RunLists,
  visitor: Visitor,
  repository: RepositoryId | undefined,
): Promise<ListedRuns> {
  const answers = noAnswers();
  const changes = new Map<string, RunSummary>();
  let unasked = false;
  for (let offset = 0; offset < mostRuns; offset += atOnce) {
    const batch = await runLists.recent(offset, atOnce);
    if (batch.length === 0) return listed(changes, unasked, answers);
    const wanted = batch.filter((run) => repository === undefined || isOf(run, repository));
    await askRights(wanted.map(repositoryOf), visitor, answers);
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

function repositoryOf({ subject }: RunSummary): RepositoryId {
  return { host: subject.host, id: subject.repositoryId };
}

function nameOf(run: RunSummary): string {
  return repositoryName(repositoryOf(run));
}

function isOf({ subject }: RunSummary, { host, id }: RepositoryId): boolean {
  return subject.host === host && subject.repositoryId === id;
}
