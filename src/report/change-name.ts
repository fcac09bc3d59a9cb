import type { Change } from '../domain/change.ts';

/** What a change is called by: a number, or, for a merge group, the branch that stands for it. */
export interface Named {
  readonly repository: Pick<Change['repository'], 'path'>;
  readonly number: number | undefined;
  readonly source: Pick<Change['source'], 'branch'>;
}

/** What GitLab writes before the number of a merge request. */
const sign = '!';

/** `!7`; of a merge group its branch. */
export function changeMark({ number, source }: Omit<Named, 'repository'>): string {
  return number === undefined ? source.branch : `${sign}${number}`;
}

/** `ml/auto-mpg !7` */
export function changeName(change: Named): string {
  return `${change.repository.path} ${changeMark(change)}`;
}
