import { CheckAnnotation, type CheckRun } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { readPages } from './pages.ts';
import type { StatusPlace } from './status-place.ts';
import type { CheckWords } from './status-words.ts';

/** We write 200 at most. */
const maxPages = 3;

/**
 * Whether what the check says beside the lines is the first part of what it is to say there: annotations can be added, and
 * never taken back. One that runs, or is called off, says nothing new about lines.
 */
export async function isContinued(
  repositories: InRepository,
  { place, run, words }: { readonly place: StatusPlace; readonly run: CheckRun; readonly words: CheckWords },
  signal: AbortSignal,
): Promise<boolean> {
  const count = run.output.annotations_count;
  if (count === 0 || words.conclusion === undefined || words.conclusion === 'cancelled') return true;
  if (count > words.annotations.length) return false;
  const { repositoryId } = place;
  const route = 'GET /check-runs/{check_run_id}/annotations';
  const list = { schema: CheckAnnotation, what: 'an annotation of the check', maxPages };
  const rows = readPages(list, (page) => {
    const parameters = { check_run_id: run.id, ...page };
    return repositories.send({ repositoryId, route, parameters, purpose: 'write' }, signal);
  });
  // In which order the host lists them is not said anywhere.
  const wanted = words.annotations.slice(0, count).map(keyOf);
  for await (const shown of rows) {
    const at = wanted.indexOf(keyOf(shown));
    if (at === -1) return false;
    wanted.splice(at, 1);
  }
  return true;
}

/** What tells an annotation from others. The message is left out: it follows from the rest, and hosts may tidy it. */
function keyOf(annotation: CheckAnnotation | CheckWords['annotations'][number]): string {
  const { path, start_line, end_line, annotation_level, title } = annotation;
  return JSON.stringify([path, start_line, end_line, annotation_level, title]);
}
