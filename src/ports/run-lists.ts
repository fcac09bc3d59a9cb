import type { RunSummary } from '../domain/run-summary.ts';
import type { Subject } from '../domain/subject.ts';

/** Reads runs as lists need them: summaries, never whole records. Runs that are gone are left out. */
export interface RunLists {
  /** The newest runs by the time they began or became their change's newest again, newest first; `offset` of them are passed over. */
  recent(offset: number, limit: number): Promise<readonly RunSummary[]>;
  /** The newest runs of one subject, newest first. */
  ofSubject(subject: Subject, limit: number): Promise<readonly RunSummary[]>;
  summary(id: string): Promise<RunSummary | undefined>;
}
