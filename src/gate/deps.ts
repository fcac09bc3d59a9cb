import type { Environment } from '../domain/environment.ts';
import type { Repository } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';
import type { LookSchedule } from '../domain/looks.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Host } from '../ports/host.ts';
import type { ObjectStores } from '../ports/object-store.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { RetrySchedule } from './follow-ups.ts';

/** What the use cases of a change need. */
export interface GateDeps {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly snapshots: Snapshots;
  /**
   * The data remotes that the configuration binds to the repository. What was found there may be trusted for a while; never
   * for a branch, whose tip may be released.
   */
  stores(repository: Repository, about: Subject['kind']): ObjectStores;
  /** Production targets by name. */
  readonly environments: ReadonlyMap<string, Environment>;
  /** What is known of releases. */
  readonly releases: Pick<ReleaseStore, 'loadLine' | 'lines' | 'list'>;
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
  /** The page with the runs of a repository. */
  repositoryUrl(repository: Repository): string;
  /** `counts`: names of files and findings stay on the details page (public repositories). */
  readonly disclose: 'names' | 'counts';
  /** Where our own figures go; undefined: nobody wants them. */
  readonly telemetry?: Telemetry | undefined;
}
