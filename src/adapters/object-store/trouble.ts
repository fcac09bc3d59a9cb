import type { StoreTrouble } from '../../ports/object-store.ts';

/** A `StoreTrouble`, in one line. */
export function trouble(cause: StoreTrouble['cause'], message: string): StoreTrouble {
  return { kind: 'unknown', cause, message };
}
