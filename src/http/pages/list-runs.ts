import type { RunSummary } from '../../domain/run-summary.ts';
import { subjectKey } from '../../domain/subject.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { RepositoryId, Visitor } from '../access/visitor.ts';

/** Summaries that are read at a time, and of all runs together. */
const atOnce = 200;
const mostRuns = 1000;
/** Changes that are listed. */
const mostChanges = 200;
/** Repositories that the host is asked about for one page, and at the same time. */
const mostAsked = 200;
const askedAtOnce = 8;

/** The newest run of each change that the visitor may read, newest first. */
export async function listRuns(
  runLists: RunLists,
  visitor: Visitor,
  repository: RepositoryId | undefined,
): Promise<{ readonly runs: readonly RunSummary[]; readonly cut: boolean }> {
  const answers = new Map<string, boolean>();
  const changes = new Map<string, RunSummary>();
  for (let offset = 0; offset < mostRuns; offset += atOnce) {
    const batch = await runLists.recent(offset, atOnce);
    if (batch.length === 0) return { runs: [...changes.values()], cut: false };
    const wanted = batch.filter((run) => repository === undefined || isOf(run, repository));
    await ask(wanted, visitor, answers);
    for (const run of wanted) {
      const key = subjectKey(run.subject);
      if (answers.get(nameOf(run)) === true && !changes.has(key)) changes.set(key, run);
    }
    if (changes.size >= mostChanges) return { runs: [...changes.values()].slice(0, mostChanges), cut: true };
  }
  return { runs: [...changes.values()], cut: true };
}

/** Asks once for each repository. One whose host cannot be asked at the moment is not shown. */
async function ask(
  runs: readonly RunSummary[],
  visitor: Visitor,
  answers: Map<string, boolean>,
): Promise<void> {
  const unknown = new Map<string, RepositoryId>();
  for (const run of runs) {
    const { host, repositoryId: id } = run.subject;
    if (!answers.has(nameOf(run)) && answers.size + unknown.size < mostAsked)
      unknown.set(nameOf(run), { host, id });
  }
  const waiting = [...unknown];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, repository] = next;
      answers.set(name, await visitor.mayRead(repository).catch(() => false));
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
