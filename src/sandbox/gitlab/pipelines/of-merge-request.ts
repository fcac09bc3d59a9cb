import type { MergeRequest, Pipeline } from '../state.ts';

/** The pipelines of a merge request: its own first, then those of its branch, newest first. */
export function pipelinesOf(mergeRequest: MergeRequest): readonly Pipeline[] {
  const { project, sourceProject } = mergeRequest;
  const projects = project === sourceProject ? [project] : [project, sourceProject];
  return projects
    .flatMap((candidate) => candidate.pipelines)
    .filter((pipeline) => belongs(pipeline, mergeRequest))
    .toSorted((one, other) => rank(one) - rank(other) || other.id - one.id);
}

/** The pipeline that decides about merging: made for the present head, a merge request pipeline if there is one. */
export function headPipeline(mergeRequest: MergeRequest): Pipeline | undefined {
  return pipelinesOf(mergeRequest).find((pipeline) => pipeline.sourceSha === mergeRequest.sha);
}

function belongs(pipeline: Pipeline, mergeRequest: MergeRequest): boolean {
  if (pipeline.mergeRequest !== undefined) return pipeline.mergeRequest === mergeRequest;
  const isBranch =
    pipeline.project === mergeRequest.sourceProject && pipeline.ref === mergeRequest.sourceBranch;
  return isBranch && mergeRequest.heads.includes(pipeline.sha);
}

function rank(pipeline: Pipeline): number {
  return pipeline.source === 'merge_request_event' ? 0 : 1;
}
