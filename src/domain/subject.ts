/** What a job that judges is about. Releases have lines of their own (`domain/release.ts`). */
export type Subject = ChangeSubject | MergeGroupSubject | BranchSubject;

/** A merge or pull request. */
export interface ChangeSubject {
  readonly kind: 'change';
  readonly host: string;
  readonly repositoryId: string;
  readonly number: number;
}

/** Changes that a merge queue wants to merge together: the host made a branch of their result. */
export interface MergeGroupSubject {
  readonly kind: 'merge-group';
  readonly host: string;
  readonly repositoryId: string;
  /** `gh-readonly-queue/main/pr-7-<sha>` */
  readonly branch: string;
}

/** The tip of a branch that is released to production. */
export interface BranchSubject {
  readonly kind: 'branch';
  readonly host: string;
  readonly repositoryId: string;
  readonly branch: string;
}

/** The ids of a job about a subject; flat, as a payload has them. */
export type SubjectIds = Readonly<Record<string, string | number>>;

/** The subject as one string: stable, unique, without `:` (BullMQ reserves it, and git allows it in no branch). */
export function subjectKey(subject: Subject): string {
  return [subject.kind, subject.host, subject.repositoryId, subjectName(subject)].join('/');
}

/** The ids of a job about the subject. */
export function idsOf(subject: Subject): SubjectIds {
  const { host, repositoryId } = subject;
  switch (subject.kind) {
    case 'change':
      return { host, repositoryId, number: subject.number };
    case 'merge-group':
      return { host, repositoryId, branch: subject.branch };
    case 'branch':
      return { host, repositoryId, tip: subject.branch };
    default:
      throw new Error(`unknown subject ${String(subject satisfies never)}`);
  }
}

/** The subject that the ids of a job name: a merge group where there is a `branch`, a branch where there is a `tip`. */
export function subjectOf(ids: SubjectIds): Subject {
  const [host, repositoryId] = [String(ids['host']), String(ids['repositoryId'])];
  const { branch, tip, number } = ids;
  if (typeof branch === 'string') return { kind: 'merge-group', host, repositoryId, branch };
  if (typeof tip === 'string') return { kind: 'branch', host, repositoryId, branch: tip };
  return { kind: 'change', host, repositoryId, number: typeof number === 'number' ? number : 0 };
}

/** What tells a subject from the others of its repository: the number of a change, the branch of the others. */
export function subjectName(subject: Subject): string {
  return subject.kind === 'change' ? String(subject.number) : subject.branch;
}
