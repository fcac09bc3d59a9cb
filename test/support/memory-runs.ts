import { StaleRecordError } from '../../src/errors.ts';
import type { Sha } from '../../src/domain/repository.ts';
import { newSubjectRecord, type Run, type SubjectRecord } from '../../src/domain/run.ts';
import { subjectKey, type Subject } from '../../src/domain/subject.ts';
import type { RunStore } from '../../src/ports/run-store.ts';

/** Records in memory, with the revisions of the real ones, and a way to look at them. */
export interface MemoryRuns extends RunStore {
  readonly runs: ReadonlyMap<string, Run>;
  readonly subjects: ReadonlyMap<string, SubjectRecord>;
  /** As a delivery does that names it. */
  addHead(subject: Subject, head: Sha): Promise<void>;
  forget(): void;
}

export function createMemoryRuns(): MemoryRuns {
  const runs = new Map<string, Run>();
  const subjects = new Map<string, SubjectRecord>();
  const heads = new Map<string, Set<Sha>>();
  const sharers = new Map<Sha, Subject[]>();

  function save<T extends { readonly rev: number }>(map: Map<string, T>, key: string, record: T): T {
    if ((map.get(key)?.rev ?? 0) !== record.rev) throw new StaleRecordError(`${key} was written meanwhile`);
    const saved = { ...record, rev: record.rev + 1 };
    map.set(key, saved);
    return saved;
  }

  return {
    runs,
    subjects,
    forget: () => [runs, subjects, heads, sharers].forEach((map) => map.clear()),
    loadSubject: async (subject) => subjects.get(subjectKey(subject)),
    updateSubject: async (subject, change) => {
      const key = subjectKey(subject);
      return save(subjects, key, change(subjects.get(key) ?? newSubjectRecord(subject)));
    },
    loadRun: async (id) => runs.get(id),
    saveRun: async (run) => save(runs, run.id, run),
    addHead: async (subject, head) => {
      const key = subjectKey(subject);
      heads.set(key, (heads.get(key) ?? new Set()).add(head));
    },
    noteHead: async (subject, head) => {
      sharers.set(head, [...(sharers.get(head) ?? []), subject]);
    },
    subjectsOfHead: async (_of, head) => sharers.get(head) ?? [],
    heads: async (subject) => [...(heads.get(subjectKey(subject)) ?? [])],
  };
}
