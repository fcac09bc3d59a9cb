import type { Sha } from '../../domain/repository.ts';
import { CommitStatus } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';
import { readPages } from './pages.ts';
import type { StatusWords } from './status-words.ts';

/** The name of the verdict on a change (a second one would be a second gate). */
export const gateContext = 'modelgate';

/** The name of what became of a merged commit. */
export const productionContext = 'modelgate/production';

/** Where a status belongs. With a pipeline its ref is GitLab's business; a branch name would not fit (our step 4). */
export interface StatusPlace {
  readonly projectId: string;
  readonly sha: Sha;
  readonly pipelineId: number | undefined;
  /** The branch that a new external pipeline is said to be of; undefined: GitLab finds one that holds the commit. */
  readonly ref: string | undefined;
  /** Its name. */
  readonly context: string;
  /** Where only pipelines of this branch count; undefined: all pipelines of the commit do. */
  readonly branch?: string | undefined;
}

/** Our statuses of the commit in this project, newest first, whatever pipeline they are in. */
export async function listOurStatuses(
  client: GitlabClient,
  place: StatusPlace,
  signal: AbortSignal,
): Promise<readonly CommitStatus[]> {
  const me = await client.me(signal);
  const { commits } = client.with(signal);
  const { context: name, branch } = place;
  const filter = { name, ...(branch !== undefined && { ref: branch }) };
  const rows = readPages(CommitStatus, 'a commit status', 10, (page) =>
    commits.allStatuses(place.projectId, place.sha, { ...filter, ...page }),
  );
  const ours: CommitStatus[] = [];
  for await (const row of rows) {
    const here = row.name === name && (branch === undefined || (row.ref ?? branch) === branch);
    if (here && row.author?.id === me) ours.push(row);
  }
  return ours.toSorted((a, b) => b.id - a.id);
}

/**
 * Makes our status at the place read as `words`, writing only what differs, and returns the pipeline that it is in.
 * `ours` is what `listOurStatuses` found. A final state is written after `running`, as old versions demand (specs
 * git-hosts 3.5, consequences), except when only the words of that state are new: through `running` the pipeline would
 * fail once more, and send its mail once more.
 */
export async function ensureStatus(
  wanted: {
    readonly client: GitlabClient;
    readonly place: StatusPlace;
    readonly words: StatusWords;
    readonly ours: readonly CommitStatus[];
  },
  signal: AbortSignal,
): Promise<number | undefined> {
  const { client, words } = wanted;
  const current = newestAt(wanted.ours, wanted.place.pipelineId);
  let place = inPipeline(wanted.place, current?.pipeline_id);
  if (current !== undefined && reads(current, words)) return place.pipelineId;
  if (words.state !== 'running' && current?.status !== 'running' && current?.status !== words.state) {
    const running = await post(client, place, { ...words, state: 'running' }, signal);
    place = inPipeline(place, running.pipeline_id);
  }
  const written = await post(client, place, words, signal);
  return written.pipeline_id ?? place.pipelineId;
}

/** Statuses of ours that still run in other pipelines than this one: a final state belongs into them, too. */
export function listForgotten(
  ours: readonly CommitStatus[],
  pipelineId: number | undefined,
): readonly number[] {
  const others = ours.filter((status) => status.status === 'running' || status.status === 'pending');
  const ids = others.map((status) => status.pipeline_id).filter((id) => typeof id === 'number');
  return [...new Set(ids)].filter((id) => id !== pipelineId);
}

async function post(
  client: GitlabClient,
  place: StatusPlace,
  words: StatusWords,
  signal: AbortSignal,
): Promise<Pick<CommitStatus, 'pipeline_id'>> {
  const where = place.pipelineId === undefined ? { ref: place.ref } : { pipelineId: place.pipelineId };
  const options = {
    context: place.context,
    description: words.description,
    ...(words.targetUrl !== undefined && { targetUrl: words.targetUrl }),
    ...(where.ref !== undefined && { ref: where.ref }),
    ...(where.pipelineId !== undefined && { pipelineId: where.pipelineId }),
  };
  try {
    const { commits } = client.with(signal);
    const answer = await commits.editStatus(place.projectId, place.sha, words.state, options);
    return readAnswer(CommitStatus, answer, 'the written status');
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-bad-request')) throw thrown;
    // Old versions refuse to go from a state to itself; only what is there now tells that from a real refusal.
    const current = newestAt(await listOurStatuses(client, place, signal), place.pipelineId);
    if (current?.status !== words.state) throw thrown;
    return current;
  }
}

function newestAt(ours: readonly CommitStatus[], pipelineId: number | undefined): CommitStatus | undefined {
  if (pipelineId === undefined) return ours[0];
  return ours.find((status) => (status.pipeline_id ?? pipelineId) === pipelineId);
}

function inPipeline(place: StatusPlace, pipelineId: number | null | undefined): StatusPlace {
  return { ...place, pipelineId: place.pipelineId ?? pipelineId ?? undefined };
}

function reads(current: CommitStatus, words: StatusWords): boolean {
  return (
    current.status === words.state &&
    (current.description ?? '') === words.description &&
    (current.target_url ?? undefined) === words.targetUrl
  );
}
