import type { AuditEntry } from '../domain/operations.ts';

/** What people did to the installation; nothing in it is changed or removed. */
export interface Audit {
  /** Resolves when it is kept. */
  record(entry: AuditEntry): Promise<void>;
  /** The newest entries, newest first. */
  last(limit: number): Promise<readonly AuditEntry[]>;
}
