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
  /** The newest runs, newest first, as lists need them: without checks and differences. */
  recentRuns(limit: number): Promise<readonly Run[]>;
  /** Adds a head that the host named; the set is small and forgets old ones. */
  addHead(subject: Subject, head: Sha): Promise<void>;
  /** Every head that was ever named, unordered. */
  heads(subject: Subject): Promise<readonly Sha[]>;
}

/** Remembers deliveries for longer than a host redelivers them. */
export interface Deliveries {
  has(id: string): Promise<boolean>;
  remember(id: string): Promise<void>;
}
