import type { Change } from '../../domain/change.ts';
import type { Clock } from '../../ports/clock.ts';
import { z } from 'zod';
import { Pipeline } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';

/** A pipeline that our status has to be in, and the project that runs it. */
export interface PinnedPipeline {
  readonly projectId: string;
  readonly pipelineId: number;
}

const pauseMs = 2000;

/**
 * The pipeline of a change's head. GitLab makes pipelines some seconds after the push: `tries` looks, two seconds apart
 * (specs git-hosts 3.5, our steps 2 and 3).
 */
export async function findPipeline(
  wanted: {
    readonly client: GitlabClient;
    readonly clock: Clock;
    readonly change: Change;
    readonly tries: number;
  },
  signal: AbortSignal,
): Promise<PinnedPipeline | undefined> {
  const { client, clock, change, tries } = wanted;
  for (let left = tries; ; left -= 1) {
    const pipelines = await listPipelines(client, change, signal);
    const found = choosePipeline(pipelines ?? [], change.head);
    if (found !== undefined) return pin(found, change);
    if (pipelines === undefined || left <= 1) return undefined;
    if (left === tries && !(await runsPipelines(client, change, signal))) return undefined;
    await clock.sleep(pauseMs, signal);
  }
}

/**
 * The newest pipeline whose own commit is the head; one of the merge request goes before all others, because it alone
 * decides whether the merge request may be merged. `head_pipeline` is not asked: it can describe an older commit.
 */
export function choosePipeline(pipelines: readonly Pipeline[], head: string): Pipeline | undefined {
  const ofHead = pipelines.filter((pipeline) => pipeline.sha === head).toSorted((a, b) => b.id - a.id);
  return ofHead.find((pipeline) => pipeline.source === 'merge_request_event') ?? ofHead[0];
}

/**
 * Whether the project ever ran a pipeline that is not made of statuses alone. Where CI is only now being added the status
 * moves when the pipeline's webhook comes, so a `no` costs nothing but a move.
 */
async function runsPipelines(client: GitlabClient, change: Change, signal: AbortSignal): Promise<boolean> {
  const { pipelines } = client.with(signal);
  const answer = await pipelines.all(change.repository.id, { perPage: 50, maxPages: 1 });
  return readAnswer(z.array(Pipeline), answer, 'the pipelines of the project').some(
    ({ source }) => source !== 'external',
  );
}

/** undefined where CI is switched off in the project: there will be none, and statuses work all the same. */
async function listPipelines(
  client: GitlabClient,
  change: Change,
  signal: AbortSignal,
): Promise<readonly Pipeline[] | undefined> {
  const { mergeRequests } = client.with(signal);
  if (change.number === undefined) return undefined;
  try {
    const answer = await mergeRequests.allPipelines(change.repository.id, change.number);
    return readAnswer(z.array(Pipeline), answer, `the pipelines of merge request ${change.number}`);
  } catch (thrown) {
    if (isAnswer(thrown, 'host-forbidden', 'host-not-found')) return undefined;
    throw thrown;
  }
}

function pin(pipeline: Pipeline, change: Change): PinnedPipeline {
  const source = change.source.repositoryId ?? change.repository.id;
  return { projectId: String(pipeline.project_id ?? source), pipelineId: pipeline.id };
}
