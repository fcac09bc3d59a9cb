import { isOver, type TrainingFacts } from '../../../domain/training.ts';
import type { Release } from '../../../domain/release.ts';
import { shortSha } from '../../../domain/repository.ts';
import type { PipelineRun } from '../../../ports/pipelines.ts';
import { intended, since, type Asked, type End, type Next } from '../../phase.ts';
import type { ReleaseTiming } from '../../world.ts';

/** The run on Kubeflow, with the log tails of failed tasks; undefined: there is none, or none yet. */
export interface TrainSeen {
  readonly run: PipelineRun | undefined;
  /** By the policy, the newest commit that waits takes this run's place. */
  readonly replaced: boolean;
  readonly timing: ReleaseTiming;
}

/** A run is asked for, or told to end. */
export interface TrainEffect {
  readonly name: 'create-run' | 'terminate-run' | 'terminate-again';
}

/**
 * One run for each attempt. It is created once: where the answer was lost we look and wait, and ask again only when the
 * server cannot have it any more (specs kubeflow-kserve 3.8). Then it is followed to its end (4.1).
 */
export function nextOfTrain(asked: Asked<TrainSeen>): Next<TrainEffect> {
  const { run, replaced } = asked.seen;
  return run === undefined
    ? withoutRun(asked)
    : withRun(run, replaced ? asked : { ...asked, newer: undefined });
}

function withoutRun({ release, seen, now }: Asked<TrainSeen>): Next<TrainEffect> {
  const create = { kind: 'act', effect: { name: 'create-run' }, note: 'asking Kubeflow for a run' } as const;
  if (release.training?.serverRunId !== undefined)
    return {
      kind: 'end',
      outcome: 'failed',
      reason: 'the run was deleted on Kubeflow while it was under way',
      again: true,
    };
  const begun = intended(release, 'create-run');
  if (begun === undefined) return create;
  const left = begun + seen.timing.lostAnswerMs - now.getTime();
  if (left <= 0) return create;
  const note = 'the answer to the request for a run was lost: looking for the run before asking again';
  return { kind: 'wait', ms: Math.min(left, seen.timing.pollMs[0]), note };
}

function withRun(run: PipelineRun, asked: Asked<TrainSeen>): Next<TrainEffect> {
  const { release, seen, now, newer } = asked;
  const facts = { training: withSeen(release.training, run) };
  if (isOver(run.state)) return { ...ended(run, asked), facts };
  const why = whyTerminate(run, asked);
  const told = intended(release, 'terminate-run');
  if (why !== undefined && told === undefined)
    return { kind: 'act', effect: { name: 'terminate-run' }, facts, note: `terminating the run: ${why}` };
  if (told !== undefined && now.getTime() - told > seen.timing.cancelMs) {
    const reason = `${reasonOfEnd(release, newer, run)}; Kubeflow did not end the run within ${Math.round(seen.timing.cancelMs / 60_000)} minutes of being told to`;
    return { kind: 'end', outcome: newer === undefined ? 'failed' : 'superseded', reason, facts };
  }
  const [soon, later] = seen.timing.pollMs;
  const last = intended(release, 'terminate-again') ?? told;
  if (last !== undefined && run.state !== 'canceling' && now.getTime() - last >= later)
    return {
      kind: 'act',
      effect: { name: 'terminate-again' },
      facts,
      note: 'the run goes on although it was to end: terminating it once more',
    };
  return { kind: 'wait', ms: since(run.created, now) < 60_000 ? soon : later, facts };
}

/** Why the run must not go on; undefined: it may. */
function whyTerminate(run: PipelineRun, { release, now, newer }: Asked<TrainSeen>): string | undefined {
  const { deadline = Infinity } = release.plan?.production ?? {};
  if (newer !== undefined) return `superseded by ${shortSha(newer)}`;
  if (since(run.created, now) <= deadline) return undefined;
  return `it takes longer than production.deadline allows`;
}

function ended(run: PipelineRun, { release, newer }: Asked<TrainSeen>): Next<TrainEffect> {
  if (run.state === 'succeeded' || run.state === 'skipped') {
    if (release.plan?.production.model !== undefined)
      return { kind: 'go', to: 'collect', note: 'the run has succeeded' };
    return { kind: 'end', outcome: 'released', reason: 'the run has succeeded; the policy names no model' };
  }
  if (intended(release, 'terminate-run') !== undefined) {
    const outcome = newer === undefined ? 'failed' : 'superseded';
    return { kind: 'end', outcome, reason: reasonOfEnd(release, newer, run) };
  }
  return failed(run);
}

function reasonOfEnd({ plan }: Release, newer: Asked<TrainSeen>['newer'], run: PipelineRun): string {
  if (newer !== undefined) return `superseded by ${shortSha(newer)}`;
  const minutes = Math.round((plan?.production.deadline ?? 0) / 60_000);
  return `the run "${run.name}" took longer than the ${minutes} minutes of production.deadline`;
}

/** A run in which no task failed was failed by the platform: another attempt may do better. */
function failed(run: PipelineRun): End {
  if (run.state === 'canceled')
    return { kind: 'end', outcome: 'failed', reason: 'the run was terminated on Kubeflow' };
  const tasks = run.tasks.filter(({ state }) => state === 'failed');
  const [first] = tasks;
  const trouble = run.trouble === undefined ? '' : `: ${run.trouble}`;
  if (first === undefined)
    return {
      kind: 'end',
      outcome: 'failed',
      reason: `the run failed, and none of its tasks did${trouble}`,
      again: true,
    };
  const last = first.logTail.at(-1);
  const more = tasks.length === 1 ? '' : ` (and ${tasks.length - 1} more)`;
  const reason = `the task "${first.name}"${more} of the run failed${last === undefined ? trouble : `: ${last}`}`;
  return { kind: 'end', outcome: 'failed', reason };
}

function withSeen(known: TrainingFacts | undefined, run: PipelineRun): TrainingFacts | undefined {
  if (known === undefined) return undefined;
  const { id, state, finished, tasks, trouble } = run;
  return { ...known, serverRunId: id, state, finished, tasks, trouble };
}
