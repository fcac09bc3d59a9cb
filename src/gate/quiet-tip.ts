import type { SubjectRecord } from '../domain/run.ts';
import type { Sha } from '../domain/repository.ts';
import type { BranchSubject } from '../domain/subject.ts';
import type { RunStore } from '../ports/run-store.ts';
import { rulesVersion } from '../rules/index.ts';
import { loadOrBegin } from './subject-record.ts';

/** Whether the tip was read already, and its policy releases nothing: a sweep need not have it read once more. */
export function isQuiet(record: SubjectRecord | undefined, tip: Sha): boolean {
  const quiet = record?.memory['quiet'];
  return quiet?.['tip'] === tip && quiet['rules'] === rulesVersion;
}

/** Remembers that. */
export async function noteQuiet(store: RunStore, subject: BranchSubject, tip: Sha): Promise<void> {
  if (isQuiet(await loadOrBegin(store, subject), tip)) return;
  await store.updateSubject(subject, (record) => ({
    ...record,
    memory: { ...record.memory, quiet: { tip, rules: rulesVersion } },
  }));
}
