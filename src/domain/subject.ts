/** What a job is about. Merge groups, branch tips and releases join with the events that make them. */
export type Subject = ChangeSubject;

/** A merge or pull request. */
export interface ChangeSubject {
  readonly kind: 'change';
  readonly host: string;
  readonly repositoryId: string;
  readonly number: number;
}

/** The subject as one string: stable, unique, without `:` (BullMQ reserves it). */
export function subjectKey(subject: Subject): string {
  return [subject.kind, subject.host, subject.repositoryId, subject.number].join('/');
}
