import type { Sha } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';

/** A head that the host named for a subject. */
export interface NamedHead {
  readonly subject: Subject;
  readonly head: Sha;
}

/** Keeps what deliveries say. */
export interface Deliveries {
  /**
   * Remembers the delivery for longer than a host redelivers it, and adds the head to those of its subject; the set is
   * small and forgets old ones. Resolves to whether the delivery was known before.
   */
  keep(id: string, named?: NamedHead): Promise<boolean>;
}
