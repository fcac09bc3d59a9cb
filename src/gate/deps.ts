import type { Repository } from '../domain/repository.ts';
import type { LookSchedule } from '../domain/looks.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Host } from '../ports/host.ts';
import type { ObjectStores } from '../ports/object-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { RetrySchedule } from './follow-ups.ts';

/** What the use cases of a change need. */
export interface GateDeps {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly snapshots: Snapshots;
  /** The data remotes that the configuration binds to the repository. */
  stores(repository: Repository): ObjectStores;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Limits;
  readonly looks: LookSchedule;
  readonly retries: RetrySchedule;
  /** Tells our comments from those of another instance of the service: letters, digits and dashes. */
  readonly instance: string;
  /** The details page of a run. */
  runUrl(id: string): string;
  /** `counts`: names of files and findings stay on the details page (public repositories). */
  readonly disclose: 'names' | 'counts';
  /** Where our own figures go; undefined: nobody wants them. */
  readonly telemetry?: Telemetry | undefined;
}
