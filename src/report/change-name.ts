import type { Change } from '../domain/change.ts';

/** What a change is called by: a number, or, for a merge group, the branch that stands for it. */
export interface Named {
  readonly repository: Pick<Change['repository'], 'path'>;
  readonly number: number | undefined;
  readonly reference?: string | undefined;
  readonly source: Pick<Change['source'], 'branch'>;
}

/** `!7`, `#7`, as its host writes it; of a merge group its branch. Older records have only the number, of GitLab. */
export function changeMark({ number, reference, source }: Omit<Named, 'repository'>): string {
  return reference ?? (number === undefined ? source.branch : `!${number}`);
}

/** `ml/auto-mpg !7` */
export function changeName(change: Named): string {
  return `${change.repository.path} ${changeMark(change)}`;
}
