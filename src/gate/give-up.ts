import { messageOf } from '../errors.ts';
import type { Change } from '../domain/change.ts';
import type { Run, SubjectRecord } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import { rulesVersion } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { newRun } from './evaluate.ts';
import { runIdOf } from './evaluation-key.ts';
import { begin, judgedAlready } from './newest-run.ts';
import { reportStatus } from './report-run.ts';
import { loadOrBegin } from './subject-record.ts';
import { isKnownTrouble, troubleText } from './trouble.ts';

/** The try after which there is no other before the host is told. */
export interface LastTry {
  readonly subject: Subject;
  readonly host: Host;
  /** Why it failed. */
  readonly cause: unknown;
}

/** After the last try: undecided, with the reason, where the host can still be told; a verdict that stands is left. */
export async function giveUp(
  { subject, host, cause }: LastTry,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    const change = await host.changes.read(subject, signal);
    if (change?.state !== 'open') return;
    const record = await loadOrBegin(deps.store, subject);
    if ((await judgedAlready(record, change, deps)) !== undefined) return;
    const run = await troubledRun(change, record, deps);
    const at = deps.clock.now().toISOString();
    const trouble = troubleText(cause);
    const timeline = [...run.timeline, { at, text: `could not decide: ${trouble}` }].slice(-100);
    const decision = { verdict: 'undecided', blocking: true } as const;
    const saved = await deps.store.saveRun({ ...run, state: 'judged', decision, trouble, timeline });
    const reporting = await begin(saved, { host, change, fresh: record.fresh }, deps, signal);
    await reportStatus(saved, reporting, deps, signal);
  } catch (thrown) {
    const what = 'the host could not be told yet that the change is undecided';
    if (isKnownTrouble(thrown)) deps.log.warn({ reason: messageOf(thrown) }, what);
    else deps.log.error({ err: thrown }, `${what}: a defect of modelgate`);
  }
}

/** The run that could not be judged: the newest of this head, or one that stands for it where none could begin. */
async function troubledRun(change: Change, record: SubjectRecord, deps: GateDeps): Promise<Run> {
  const { subject, fresh } = record;
  const newest = record.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
  if (newest?.change.head === change.head && newest.judgement === undefined) return newest;
  const id = runIdOf({
    subject,
    head: change.head,
    targetTip: change.head,
    policyBlob: undefined,
    rulesVersion,
    fresh,
  });
  return (await deps.store.loadRun(id)) ?? newRun(id, { subject, change, base: undefined }, deps);
}
