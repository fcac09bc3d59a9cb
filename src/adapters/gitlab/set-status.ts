import type { Change } from '../../domain/change.ts';
import { UserError } from '../../errors.ts';
import type { ReportMemory, Status } from '../../ports/host.ts';
import { gateContext } from './commit-status.ts';
import type { StatusPlace } from './commit-status.ts';
import { findPipeline } from './find-pipeline.ts';
import type { PinnedPipeline } from './find-pipeline.ts';
import { longest, toWords } from './status-words.ts';
import { tryPlace } from './try-place.ts';
import type { Outcome, StatusDeps } from './try-place.ts';

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
  const of = { sha: change.head, context: gateContext };
  const { repositoryId, branch, fork } = change.source;
  const places: StatusPlace[] = [];
  if (pinned !== undefined) places.push({ ...pinned, ...of, ref: undefined });
  const ref = branch.length <= longest ? branch : undefined;
  if (repositoryId !== undefined) places.push({ ...of, projectId: repositoryId, pipelineId: undefined, ref });
  if (fork) places.push({ ...of, projectId: change.repository.id, pipelineId: undefined, ref: undefined });
  return places;
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
