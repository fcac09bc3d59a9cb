import type { Change } from '../../domain/change.ts';
import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ReportMemory, Status } from '../../ports/host.ts';
import type { CommitStatus } from './answers.ts';
import type { GitlabClient } from './client.ts';
import { ensureStatus, listForgotten, listOurStatuses } from './commit-status.ts';
import type { StatusPlace } from './commit-status.ts';
import { findPipeline } from './find-pipeline.ts';
import type { PinnedPipeline } from './find-pipeline.ts';
import { isAnswer } from '../../net/host-answer.ts';
import { longest, toWords } from './status-words.ts';
import type { StatusWords } from './status-words.ts';

/** What writing a status needs of the world. */
export interface StatusDeps {
  readonly client: GitlabClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of one place: where the status is now, or how it was refused. */
type Outcome =
  | { readonly kind: 'written'; readonly pipelineId: number | undefined }
  /** 404 for the commit or the project: gone, or not for our eyes. */
  | { readonly kind: 'unseen' }
  /** 404 for the status although the commit is there: no branch holds it, or the pipeline is gone. */
  | { readonly kind: 'unreferenced' }
  | { readonly kind: 'forbidden' };

/**
 * Shows the status beside the head (specs git-hosts 3.5, our procedure): in the pipeline of the head where there is one,
 * in the project that owns the source branch, and for forks else in the target.
 */
export async function setStatus(
  deps: StatusDeps,
  wanted: { readonly change: Change; readonly status: Status; readonly memory: ReportMemory },
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { change, memory } = wanted;
  const remembered = recall(memory);
  const tries = remembered === undefined ? 3 : 1;
  const pinned = (await findPipeline({ ...deps, change, tries }, signal)) ?? remembered;
  const words = toWords(wanted.status);
  const outcomes: { place: StatusPlace; outcome: Outcome }[] = [];
  for (const place of listPlaces(change, pinned)) {
    const closed = outcomes.some(
      (tried) => tried.place.projectId === place.projectId && tried.outcome.kind !== 'unreferenced',
    );
    if (closed) continue;
    const outcome = await tryPlace(deps, place, words, signal);
    if (outcome.kind === 'written') return remember(memory, place.projectId, outcome.pipelineId);
    outcomes.push({ place, outcome });
  }
  throw toRefusal(change, outcomes);
}

/** Where the status could go, best first. In the target of a fork no ref is named: a branch there may have that name. */
function listPlaces(change: Change, pinned: PinnedPipeline | undefined): readonly StatusPlace[] {
  const sha = change.head;
  const { repositoryId, branch, fork } = change.source;
  const places: StatusPlace[] = [];
  if (pinned !== undefined) places.push({ ...pinned, sha, ref: undefined });
  const ref = branch.length <= longest ? branch : undefined;
  if (repositoryId !== undefined) places.push({ projectId: repositoryId, sha, pipelineId: undefined, ref });
  if (fork) places.push({ projectId: change.repository.id, sha, pipelineId: undefined, ref: undefined });
  return places;
}

async function tryPlace(
  deps: StatusDeps,
  place: StatusPlace,
  words: StatusWords,
  signal: AbortSignal,
): Promise<Outcome> {
  const { client } = deps;
  let ours: readonly CommitStatus[];
  try {
    ours = await listOurStatuses(client, place, signal);
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return { kind: 'unseen' };
    if (isAnswer(thrown, 'host-forbidden')) return { kind: 'forbidden' };
    throw thrown;
  }
  try {
    const pipelineId = await ensureStatus({ client, place, words, ours }, signal);
    if (words.state !== 'running')
      await finishForgotten(deps, { place: { ...place, pipelineId }, words, ours }, signal);
    return { kind: 'written', pipelineId };
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return { kind: 'unreferenced' };
    if (isAnswer(thrown, 'host-forbidden')) return { kind: 'forbidden' };
    throw thrown;
  }
}

/** Our status moved into a newer pipeline: in the older one it would run for ever. */
async function finishForgotten(
  { client, log }: StatusDeps,
  wanted: {
    readonly place: StatusPlace;
    readonly words: StatusWords;
    readonly ours: readonly CommitStatus[];
  },
  signal: AbortSignal,
): Promise<void> {
  const { place, words, ours } = wanted;
  for (const pipelineId of listForgotten(ours, place.pipelineId)) {
    try {
      await ensureStatus({ client, place: { ...place, pipelineId }, words, ours }, signal);
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      log.warn(
        { projectId: place.projectId, pipelineId, code: thrown.code },
        'an older status keeps running',
      );
    }
  }
}

function toRefusal(
  change: Change,
  outcomes: readonly { readonly place: StatusPlace; readonly outcome: Outcome }[],
): UserError {
  const kinds = outcomes.map(({ outcome }) => outcome.kind);
  const where = `${change.repository.path}!${change.number}`;
  // In a fork that we cannot see, the target knows the commit and still has no branch that holds it.
  const source = outcomes.find(({ place }) => place.projectId === change.source.repositoryId);
  const hiddenFork =
    change.source.fork && source?.outcome.kind === 'unseen' && kinds.includes('unreferenced');
  if (kinds.includes('forbidden') || hiddenFork) {
    const what = change.source.fork
      ? `the fork (project ${change.source.repositoryId ?? 'deleted'})`
      : 'the project';
    return new UserError(
      'status-forbidden',
      `GitLab does not let the user of the token write a status for the head of ${where}`,
      `Make the user of the token a Developer of ${what}; a protected source branch must let it push.`,
    );
  }
  return new UserError(
    'head-gone',
    `the head ${change.head} of ${where} is on no branch any more`,
    'Nothing to do where the branch was pushed again or deleted: the newer head has its own status.',
  );
}

function recall(memory: ReportMemory): PinnedPipeline | undefined {
  const { projectId, pipelineId } = memory;
  if (projectId === undefined || typeof pipelineId !== 'number') return undefined;
  return { projectId: String(projectId), pipelineId };
}

function remember(memory: ReportMemory, projectId: string, pipelineId: number | undefined): ReportMemory {
  return pipelineId === undefined ? memory : { ...memory, projectId, pipelineId };
}
