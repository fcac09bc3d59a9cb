import type { Subject } from '../../domain/subject.ts';
import type { Html } from '../../report/html.ts';
import { changeAddress } from '../../report/page/addresses.ts';
import { renderChangePage } from '../../report/page/change-page.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { Visitor } from '../access/visitor.ts';
import { changeStandingOf, changeVersionOf, type ReadRuns } from './standing.ts';
import { mayAct, mayRead } from './visit.ts';

/** What an address says of a change. */
export interface ChangeParams {
  readonly host: string;
  readonly repository: string;
  /** The number of a change, the branch of a merge group, or a branch behind `~`. */
  readonly number: string;
}

/** The subject that an address names, or undefined when it can name none. */
export function subjectOf({ host, repository, number }: ChangeParams): Subject | undefined {
  const isName = [host, repository].every((name) => /^[\w.-]{1,128}$/.test(name));
  if (!isName) return undefined;
  if (/^[1-9]\d{0,9}$/.test(number))
    return { kind: 'change', host, repositoryId: repository, number: Number(number) };
  if (!/^[^\s\p{Cc}:]{1,400}$/u.test(number)) return undefined;
  if (number.startsWith('~'))
    return { kind: 'branch', host, repositoryId: repository, branch: number.slice(1) };
  return number.includes('/')
    ? { kind: 'merge-group', host, repositoryId: repository, branch: number }
    : undefined;
}

/** The page of a change, or undefined when there is no such change for this visitor. */
export async function showChange(
  subject: Subject,
  deps: ReadRuns & { readonly clock: Pick<Clock, 'now'> },
  visitor: Visitor,
): Promise<Html | undefined> {
  const standing = await changeStandingOf(subject, deps);
  // In this order: the host is asked about nothing but what has runs here, whatever addresses somebody makes up.
  if (standing === undefined || !(await mayRead(visitor, subject))) return undefined;
  return renderChangePage({
    ...standing,
    mayAct: await mayAct(visitor, subject),
    version: changeVersionOf(standing),
    now: deps.clock.now(),
    visitor,
  });
}

const atOnce = 200;
const mostRuns = 1000;

/** Where the page of a change is whose repository was named by its path, `ml%2Fauto-mpg`: as far as its runs are listed. */
export async function addressByPath(
  { host, repository, number }: ChangeParams,
  runLists: RunLists,
  visitor: Visitor,
): Promise<string | undefined> {
  for (let offset = 0; repository.includes('/') && offset < mostRuns; offset += atOnce) {
    const batch = await runLists.recent(offset, atOnce);
    if (batch.length === 0) return undefined;
    const run = batch.find(
      ({ subject, change }) => subject.host === host && change.repository.path === repository,
    );
    if (run === undefined) continue;
    const subject = subjectOf({ host, repository: run.subject.repositoryId, number });
    return subject !== undefined && (await mayRead(visitor, subject)) ? changeAddress(subject) : undefined;
  }
  return undefined;
}
