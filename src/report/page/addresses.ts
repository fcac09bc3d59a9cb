import { lineKey, type LineId } from '../../domain/release.ts';
import { subjectName, type Subject } from '../../domain/subject.ts';

/** The page of a run. */
export function runAddress(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** The page of a change or merge group: it is found by its number or branch. No branch is called with a `~`. */
export function changeAddress(subject: Subject): string {
  const { host, repositoryId, kind } = subject;
  const name = kind === 'branch' ? `~${subject.branch}` : subjectName(subject);
  return `/changes/${[host, repositoryId, name].map(encodeURIComponent).join('/')}`;
}

/** The list of one repository. */
export function repositoryAddress({ host, id }: { readonly host: string; readonly id: string }): string {
  return `/?repository=${encodeURIComponent(`${host}/${id}`)}`;
}

/** The list of releases. */
export const releasesAddress = '/releases';

/** The page of a release. */
export function releaseAddress(id: string): string {
  return `${releasesAddress}/${encodeURIComponent(id)}`;
}

/** The list of releases of one line. */
export function lineAddress(line: LineId): string {
  return `${releasesAddress}?line=${encodeURIComponent(lineKey(line))}`;
}
