import type { Subject } from '../../domain/subject.ts';

/** The page of a run. */
export function runAddress(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** The page of a change, for a subject that has one: it is found by its number. */
export function changeAddress({ host, repositoryId, number }: Subject): string {
  return `/changes/${[host, repositoryId, String(number)].map(encodeURIComponent).join('/')}`;
}

/** The list of one repository. */
export function repositoryAddress({ host, id }: { readonly host: string; readonly id: string }): string {
  return `/?repository=${encodeURIComponent(`${host}/${id}`)}`;
}
