import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { Access } from '../access/visitor.ts';
import type { OperationsDeps } from './operations.ts';

/** What the pages read, and what their one action writes. */
export interface PageDeps {
  readonly runStore: Pick<RunStore, 'loadRun' | 'loadSubject' | 'saveRun' | 'updateSubject'>;
  readonly runLists: RunLists;
  readonly runLog: Pick<RunLog, 'read'>;
  readonly queue: Pick<Queue, 'poke'>;
  readonly access: Access;
  readonly operations: OperationsDeps;
  readonly clock: Clock;
  readonly log: Log;
}
