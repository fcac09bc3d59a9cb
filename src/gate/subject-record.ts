import { StaleRecordError } from '../errors.ts';
import type { SubjectRecord } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { RunStore } from '../ports/run-store.ts';

const tries = 10;

/** The record of a subject, or the one that a subject begins with. */
export async function loadOrBegin(store: RunStore, subject: Subject): Promise<SubjectRecord> {
  const nothing = { generation: 0, runId: undefined, runFresh: 0, open: [], fresh: 0, memory: {} };
  return (await store.loadSubject(subject)) ?? { v: 1, rev: 0, subject, ...nothing };
}

/** Changes the record; when somebody else wrote it meanwhile, changes the newer one. */
export async function updateSubject(
  store: RunStore,
  subject: Subject,
  change: (record: SubjectRecord) => SubjectRecord,
): Promise<SubjectRecord> {
  for (let left = tries; ; left -= 1) {
    try {
      return await store.saveSubject(change(await loadOrBegin(store, subject)));
    } catch (thrown) {
      if (!(thrown instanceof StaleRecordError) || left === 1) throw thrown;
    }
  }
}

/** Makes the next evaluation a new one, whatever is stored. */
export function askFresh(record: SubjectRecord): SubjectRecord {
  return { ...record, fresh: record.fresh + 1 };
}
