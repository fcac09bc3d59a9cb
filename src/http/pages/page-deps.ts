import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { ReleaseOperations } from '../../ports/release-operations.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';
import type { Access } from '../access/visitor.ts';
import type { OperationsDeps } from './operations.ts';

/** What the pages of releases read and do. */
export interface ReleasePageDeps {
  readonly store: Pick<ReleaseStore, 'loadLine' | 'loadRelease' | 'lines' | 'list'>;
  readonly operations: Pick<ReleaseOperations, 'retry' | 'hold' | 'resume'>;
  /** The page of a run in Kubeflow; undefined where the configuration names none. */
  runUrl(environment: string, serverRunId: string): string | undefined;
}

/** What the pages read, and what their actions write. */
export interface PageDeps {
  readonly runStore: Pick<RunStore, 'loadRun' | 'loadSubject' | 'saveRun' | 'updateSubject'>;
  readonly runLists: RunLists;
  readonly runLog: Pick<RunLog, 'read'>;
  readonly queue: Pick<Queue, 'poke'>;
  readonly releases: ReleasePageDeps;
  readonly access: Access;
  readonly operations: OperationsDeps;
  readonly clock: Clock;
  readonly log: Log;
}
