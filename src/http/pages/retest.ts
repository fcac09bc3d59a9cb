import { gateJob } from '../../domain/job.ts';
import { askFresh, type Run } from '../../domain/run.ts';
import { idsOf, subjectKey } from '../../domain/subject.ts';
import { StaleRecordError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Audit } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import type { RunStore } from '../../ports/run-store.ts';

/** What asking for a fresh judgement needs. */
export interface RetestDeps {
  readonly runStore: Pick<RunStore, 'loadRun' | 'saveRun' | 'updateSubject'>;
  readonly queue: Pick<Queue, 'poke'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

const mostEntries = 100;

/** Has the change of a run judged afresh, as `/modelgate retest` does; who asked is in the audit before it is done. */
export async function retest(run: Run, actor: string, deps: RetestDeps): Promise<void> {
  const at = deps.clock.now().toISOString();
  const subject = subjectKey(run.subject);
  await deps.audit.record({ at, actor, action: 'judge again', subject, reason: '' });
  await deps.runStore.updateSubject(run.subject, askFresh);
  await deps.queue.poke(gateJob(run.subject));
  const log = deps.log.child({ run: run.id });
  log.info({ actor, ...idsOf(run.subject) }, 'judging again was asked for on its page');
  await note(run, `${actor} asked for it to be judged again`, deps);
}

/** A worker that judges the run has it in its hands: what it saves must not be stale because of us. */
async function note(run: Run, text: string, { runStore, clock }: RetestDeps): Promise<void> {
  if (run.state === 'running') return;
  const entry = { at: clock.now().toISOString(), text };
  try {
    await runStore.saveRun({ ...run, timeline: [...run.timeline, entry].slice(-mostEntries) });
  } catch (thrown) {
    // The log has it; somebody else wrote the run meanwhile.
    if (!(thrown instanceof StaleRecordError)) throw thrown;
  }
}
