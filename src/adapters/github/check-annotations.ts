import type { Change } from '../../domain/change.ts';
import { CheckAnnotation, type CheckRun } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { readPages } from './pages.ts';
import type { CheckWords } from './status-words.ts';

/** We write 200 at most. */
const maxPages = 3;

/**
 * Whether what the check says beside the lines is the beginning of what it is to say there: annotations can be added, and
 * never taken back. One that runs, or is called off, says nothing new about lines.
 */
export async function isContinued(
  repositories: InRepository,
  { change, run, words }: { readonly change: Change; readonly run: CheckRun; readonly words: CheckWords },
  signal: AbortSignal,
): Promise<boolean> {
  const count = run.output.annotations_count;
  if (count === 0 || words.conclusion === undefined || words.conclusion === 'cancelled') return true;
  if (count > words.annotations.length) return false;
  const repositoryId = change.repository.id;
  const route = 'GET /check-runs/{check_run_id}/annotations';
  const list = { schema: CheckAnnotation, what: 'an annotation of the check', maxPages };
  const rows = readPages(list, (page) => {
    const parameters = { check_run_id: run.id, ...page };
    return repositories.send({ repositoryId, route, parameters, purpose: 'write' }, signal);
  });
  let index = 0;
  for await (const shown of rows) {
    if (!isSame(shown, words.annotations[index])) return false;
    index += 1;
  }
  return true;
}

/** The message is left out: it follows from the rest, and hosts may tidy it. */
function isSame(shown: CheckAnnotation, wanted: CheckWords['annotations'][number] | undefined): boolean {
  return (
    shown.path === wanted?.['path'] &&
    shown.start_line === wanted['start_line'] &&
    shown.end_line === wanted['end_line'] &&
    shown.annotation_level === wanted['annotation_level'] &&
    shown.title === wanted['title']
  );
}
