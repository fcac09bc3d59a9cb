import { callHooks } from '../hooks/send.ts';
import { pipelinePayload } from '../payloads/pipeline.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import type { MergeRequest, Pipeline, PipelineStatus, Project } from '../state.ts';
import type { Act, World } from '../world.ts';
import { compositeStatus } from './status.ts';

/** What a pipeline is made for. */
export type NewPipeline = Pick<Pipeline, 'project' | 'sha' | 'ref' | 'source' | 'ciStatus'> & {
  readonly mergeRequest?: MergeRequest | undefined;
  readonly sourceSha?: string;
};

/** Adds a pipeline; its hook is called when its state is first known. */
export function createPipeline(world: World, act: Act, wanted: NewPipeline): Pipeline {
  const now = world.now();
  const pipeline: Pipeline = {
    ...wanted,
    id: world.nextId(),
    iid: wanted.project.pipelines.length + 1,
    sourceSha: wanted.sourceSha ?? wanted.sha,
    mergeRequest: wanted.mergeRequest,
    user: act.user,
    createdAt: now,
    updatedAt: now,
    statuses: [],
    status: 'created',
    archived: false,
  };
  wanted.project.pipelines.push(pipeline);
  return pipeline;
}

/** Brings the pipeline's state up to date with its jobs, and calls the hooks where it changed. */
export async function settlePipeline(world: World, pipeline: Pipeline, chain?: string): Promise<void> {
  const status = compositeStatus(pipeline);
  if (status === pipeline.status) return;
  pipeline.status = status;
  pipeline.updatedAt = world.now();
  const payload = (): ReturnType<typeof pipelinePayload> => pipelinePayload(world, pipeline);
  await callHooks(world, pipeline.project, { event: 'pipeline', trigger: 'Pipeline Hook', payload, chain });
}

/** Sets the state of the CI jobs. */
export async function setCiStatus(world: World, pipeline: Pipeline, status: PipelineStatus): Promise<void> {
  pipeline.ciStatus = status;
  await settlePipeline(world, pipeline);
}

/** Starts CI for a branch, or for a merge request, a while after the push, as the real one does. */
export function startCi(
  world: World,
  act: Act,
  target: { readonly project: Project; readonly branch: string; readonly sha: string } | MergeRequest,
): void {
  const project = 'sourceProject' in target ? target.sourceProject : target.project;
  if (!project.settings.ciEnabled) return;
  world.background.start(async () => {
    const pipeline = createPipeline(world, act, await planOf(world, act, target));
    await setCiStatus(world, pipeline, 'pending');
    await setCiStatus(world, pipeline, 'running');
    world.background.start(
      () => setCiStatus(world, pipeline, world.knobs.pipelineResult),
      world.knobs.pipelineRunMs,
    );
  }, world.knobs.pipelineDelayMs);
}

async function planOf(
  world: World,
  act: Act,
  target: { readonly project: Project; readonly branch: string; readonly sha: string } | MergeRequest,
): Promise<NewPipeline> {
  if (!('sourceProject' in target)) {
    return {
      project: target.project,
      sha: target.sha,
      ref: target.branch,
      source: 'push',
      ciStatus: 'created',
    };
  }
  const common = {
    source: 'merge_request_event',
    ciStatus: 'created',
    mergeRequest: target,
    sourceSha: target.sha,
  } as const;
  const merged = target.project.settings.mergePipelinesEnabled
    ? await mergeResult(world, act, target)
    : undefined;
  if (merged !== undefined)
    return {
      ...common,
      project: target.project,
      sha: merged,
      ref: `refs/merge-requests/${target.iid}/merge`,
    };
  return {
    ...common,
    project: target.sourceProject,
    sha: target.sha,
    ref: `refs/merge-requests/${target.iid}/head`,
  };
}

/** The commit that merged-results pipelines run on: in no branch, and not the head (specs git-hosts 3.5 step 6). */
async function mergeResult(world: World, act: Act, mergeRequest: MergeRequest): Promise<string | undefined> {
  const { directory } = mergeRequest.project;
  const tip = await resolveCommit(directory, `refs/heads/${mergeRequest.targetBranch}`);
  const tree = tip === undefined ? undefined : await mergeTrees(directory, tip, mergeRequest.sha);
  if (tip === undefined || tree === undefined) return undefined;
  const author = { name: act.user.name, email: `${act.user.username}@sandbox.invalid`, at: world.now() };
  const message = `Merge ${mergeRequest.sha} into ${tip}`;
  const sha = await commitTree(directory, { tree, parents: [tip, mergeRequest.sha], message, author });
  await setRef(directory, `refs/merge-requests/${mergeRequest.iid}/merge`, sha);
  return sha;
}
