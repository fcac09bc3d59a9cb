import type { Sha } from '../domain/repository.ts';
import type { Run, SubjectRecord } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';

/** Keeps records. `saveRun` compares the revision that was loaded and throws StaleRecordError when it is not the newest. */
export interface RunStore {
  loadSubject(subject: Subject): Promise<SubjectRecord | undefined>;
  /**
   * Applies a pure change to the newest record, or to the one that a subject begins with, and returns what was saved.
   * When somebody else wrote it meanwhile, the newer one is changed instead.
   * @throws StaleRecordError when that happened ten times in a row.
   */
  updateSubject(subject: Subject, change: (record: SubjectRecord) => SubjectRecord): Promise<SubjectRecord>;
  loadRun(id: string): Promise<Run | undefined>;
  saveRun(run: Run): Promise<Run>;
  /** Every head that deliveries named, unordered. */
  heads(subject: Subject): Promise<readonly Sha[]>;
  /** Remembers that the head was begun to be judged for the subject. */
  noteHead(subject: Subject, head: Sha): Promise<void>;
  /** The subjects of the repository that `noteHead` was told of for the head; the newest few. */
  subjectsOfHead(of: Pick<Subject, 'host' | 'repositoryId'>, head: Sha): Promise<readonly Subject[]>;
}
