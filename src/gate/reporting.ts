import type { Change } from '../domain/change.ts';
import type { Subject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';

/** A change as its host described it a moment ago, and the subject that its records are kept under. */
export interface ReadChange {
  readonly subject: Subject;
  readonly host: Host;
  readonly change: Change;
}

/** One evaluation's right to write: a generation that is not the newest writes nothing. */
export interface Reporting extends ReadChange {
  readonly generation: number;
}
