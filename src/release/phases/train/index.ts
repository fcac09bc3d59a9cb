import { isOver } from '../../../domain/training.ts';
import { fillParameters } from '../../../domain/run-parameters.ts';
import { policyFile } from '../../../domain/policy.ts';
import type { Release, ReleaseLine } from '../../../domain/release.ts';
import { shortSha } from '../../../domain/repository.ts';
import { classify } from '../../../domain/trigger.ts';
import { messageOf } from '../../../errors.ts';
import type { NewRun, PipelineRun, RunQuery } from '../../../ports/pipelines.ts';
import { manifestAddress } from '../../hand-over.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { changedPaths, outputsOf } from '../plan/changed-paths.ts';
import { nextOfTrain, type TrainEffect, type TrainSeen } from './next.ts';

/** Lines of a failed task's log that are kept, and failed tasks that they are kept of. */
const tailLines = 20;
const mostTails = 5;

/** The production run on Kubeflow. */
export const train: Phase<TrainSeen, TrainEffect> = {
  name: 'train',

  async observe(release, world, signal, line) {
    const run = await world.pipelines.findRun(await queryOf(release, world, signal), signal);
    const told = run?.state === 'failed' ? await withTails(run, world, signal) : run;
    return { run: told, replaced: await isReplaced(release, line, world, signal), timing: world.timing };
  },

  next: nextOfTrain,

  async perform(effect, release, world, signal) {
    const query = await queryOf(release, world, signal);
    if (effect.name === 'create-run') return world.pipelines.createRun(newRun(release, query, world), signal);
    const run = await world.pipelines.findRun(query, signal);
    if (run !== undefined && !isOver(run.state)) await world.pipelines.terminate(run.id, signal);
  },
};

/**
 * Whether the newest commit that waits takes this run's place. One that production is not made of does not: what a run
 * itself commits before its end would be in its way.
 */
async function isReplaced(
  { plan, repository, branch, commit: from }: Release,
  { waiting }: ReleaseLine,
  { snapshots, limits }: ReleaseWorld,
  signal: AbortSignal,
): Promise<boolean> {
  if (waiting === undefined || plan?.production.whenNewer !== 'replace') return false;
  const { production } = plan;
  const { commit: to } = waiting;
  const history = await snapshots.history({ repository, branch, commit: to }, signal);
  const changed = await changedPaths(history, { from, to }, { production, limits }, signal);
  const trigger = classify(changed, production.triggers, outputsOf(production));
  return trigger !== undefined || changed.includes(policyFile);
}

async function queryOf(
  { training, commit, attempt, trigger }: Release,
  { pipelines }: ReleaseWorld,
  signal: AbortSignal,
): Promise<RunQuery> {
  const { experiment = '', runId = '' } = training ?? {};
  const name = `${shortSha(commit)} ${trigger ?? ''} ${attempt} (${runId})`;
  return { runId, name, experimentId: await pipelines.experiment(experiment, signal) };
}

function newRun(release: Release, query: RunQuery, world: ReleaseWorld): NewRun {
  const { training, plan, commit, branch, trigger, began, repository } = release;
  const { pipelineId = '', versionId = '' } = training?.uploaded ?? {};
  const values = {
    trigger: trigger ?? '',
    timestamp: began,
    commit,
    branch,
    run: query.runId,
    manifest: manifestAddress(world.environment, query.runId),
  };
  return {
    ...query,
    description: `modelgate releases ${repository.path} at ${commit}`,
    version: { pipelineId, versionId },
    parameters: fillParameters(plan?.production.parameters ?? {}, values),
  };
}

/** A log that cannot be read is said to be so: the run's verdict does not wait for it. */
async function withTails(run: PipelineRun, world: ReleaseWorld, signal: AbortSignal): Promise<PipelineRun> {
  const failed = run.tasks.filter(({ state }) => state === 'failed').slice(0, mostTails);
  const tails = new Map<string, readonly string[]>();
  for (const { name, node } of failed) {
    if (node === undefined) continue;
    const tail = await world.pipelines.logTail(run.id, node, tailLines, signal).catch((thrown: unknown) => {
      signal.throwIfAborted();
      return [`(the log could not be read: ${messageOf(thrown)})`];
    });
    tails.set(name, tail);
  }
  return {
    ...run,
    tasks: run.tasks.map((task) => ({ ...task, logTail: tails.get(task.name) ?? task.logTail })),
  };
}
