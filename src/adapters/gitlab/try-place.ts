import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitStatus } from './answers.ts';
import type { GitlabClient } from './client.ts';
import { ensureStatus, listForgotten, listOurStatuses } from './commit-status.ts';
import type { StatusPlace } from './commit-status.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { StatusWords } from './status-words.ts';

/** What writing a status needs of the world. */
export interface StatusDeps {
  readonly client: GitlabClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** What became of one place: where the status is now, or how it was refused. */
export type Outcome =
  | { readonly kind: 'written'; readonly pipelineId: number | undefined }
  /** 404 for the commit or the project: gone, or not for our eyes. */
  | { readonly kind: 'unseen' }
  /** 404 for the status although the commit is there: no branch holds it, or the pipeline is gone. */
  | { readonly kind: 'unreferenced' }
  | { readonly kind: 'forbidden' };

/** Makes our status at the place read as the words, and ends those of ours that run in older pipelines. */
export async function tryPlace(
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
