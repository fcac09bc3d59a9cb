import type { Environment } from '../domain/environment.ts';
import type { Repository } from '../domain/repository.ts';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Host } from '../ports/host.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { Pipelines } from '../ports/pipelines.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Serving } from '../ports/serving.ts';
import type { Snapshots } from '../ports/snapshots.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ReleaseReporting } from './report-release.ts';

/** How long things may take before something else is done. Milliseconds. */
export interface ReleaseTiming {
  /** How long a run whose creation got no answer is looked for before it is asked for again (specs kubeflow-kserve 3.8). */
  readonly lostAnswerMs: number;
  /** An effect is not begun later than this after it was recorded. */
  readonly intentMs: number;
  /** The wait between two looks at a run in its first minute, and afterwards. */
  readonly pollMs: readonly [number, number];
  /** The wait between two looks at a service that comes up, or that does not answer rightly yet. */
  readonly lookMs: number;
  /** How long a run may take to end after it was told to. */
  readonly cancelMs: number;
  /** How long a manifest or a pointer may come after the end of its run. */
  readonly handOverMs: number;
  /** How long a rollout must look ready before it is. */
  readonly stableMs: number;
  /** How long a model may fail to load before it is given up: a container that ends once may come up the next time. */
  readonly failingMs: number;
  /** How long smoke predictions may fail before the old model is put back. */
  readonly smokeMs: number;
  /** The wait between two looks at a release that is held. */
  readonly holdMs: number;
}

export const defaultReleaseTiming: ReleaseTiming = {
  lostAnswerMs: 300_000,
  intentMs: 30_000,
  pollMs: [5_000, 20_000],
  lookMs: 3_000,
  cancelMs: 300_000,
  handOverMs: 120_000,
  stableMs: 10_000,
  failingMs: 60_000,
  smokeMs: 60_000,
  holdMs: 300_000,
};

/** What a release's phases see and change: everything opened for its repository and environment. */
export interface ReleaseWorld {
  readonly host: Host;
  readonly snapshots: Snapshots;
  readonly environment: Environment;
  readonly pipelines: Pipelines;
  readonly serving: Serving;
  readonly models: ModelStore;
  readonly limits: Limits;
  readonly ruleIds: readonly string[];
  readonly timing: ReleaseTiming;
  readonly clock: Clock;
  /** Asked before each effect. @throws AbortError `paused` while people have paused effects. */
  permit(): Promise<void>;
}

/** What the use cases of releases need. */
export interface ReleaseDeps {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly snapshots: Snapshots;
  readonly environments: ReadonlyMap<string, Environment>;
  /** The clients of an environment; undefined: it has none. */
  pipelines(environment: string): Pipelines | undefined;
  serving(environment: string): Serving | undefined;
  models(environment: string, repository: Repository): ModelStore;
  /** Judged tips of branches. */
  readonly runs: Pick<RunStore, 'loadSubject' | 'loadRun'>;
  readonly releases: ReleaseStore;
  readonly permit: ReleaseWorld['permit'];
  readonly reporting: ReleaseReporting;
  readonly limits: Limits;
  readonly ruleIds: readonly string[];
  readonly timing: ReleaseTiming;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry?: Telemetry | undefined;
}
