import { newSubjectRecord, type SubjectRecord } from '../domain/run.ts';
import type { Sha } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';
import type { RunStore } from '../ports/run-store.ts';

/** The record of a subject, or the one that a subject begins with. */
export async function loadOrBegin(store: RunStore, subject: Subject): Promise<SubjectRecord> {
  return (await store.loadSubject(subject)) ?? newSubjectRecord(subject);
}

/** The head's status was begun: somebody has to end it. */
export function openHead(record: SubjectRecord, head: Sha): SubjectRecord {
  return { ...record, open: [...new Set([...record.open, head])] };
}

/** The head's status was ended, or can never be. */
export function closeHead(record: SubjectRecord, head: Sha): SubjectRecord {
  return { ...record, open: record.open.filter((open) => open !== head) };
}

/** Forgets what the reporter remembers of statuses that will not be written again: neither this head's nor open ones. */
export function pruneMemory(record: SubjectRecord, head: Sha | undefined): SubjectRecord {
  const kept = new Set([...record.open, head].map((sha) => `status/${sha}`));
  const memory = Object.entries(record.memory).filter(
    ([name]) => !name.startsWith('status/') || kept.has(name),
  );
  return { ...record, memory: Object.fromEntries(memory) };
}
