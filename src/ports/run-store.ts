import type { Sha } from '../domain/repository.ts';
import type { Run, SubjectRecord } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';

/** Keeps records. Saving compares the revision that was loaded and throws StaleRecordError when it is not the newest. */
export interface RunStore {
  loadSubject(subject: Subject): Promise<SubjectRecord | undefined>;
  /** Returns the record with its new revision; `rev: 0` creates. */
  saveSubject(record: SubjectRecord): Promise<SubjectRecord>;
  loadRun(id: string): Promise<Run | undefined>;
  saveRun(run: Run): Promise<Run>;
  /** The newest runs, newest first. */
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
