import { mergeTrees } from '../../git/write.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { headPipeline } from '../pipelines/of-merge-request.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { isDraft } from './draft.ts';

/** Why a merge request cannot be merged now, or `mergeable` (specs git-hosts 3.7). */
export function detailedMergeStatus(mergeRequest: MergeRequest): string {
  if (mergeRequest.state !== 'opened') return 'not_open';
  if (mergeRequest.mergeability === 'unchecked' || mergeRequest.mergeability === 'checking')
    return mergeRequest.mergeability;
  if (isDraft(mergeRequest)) return 'draft_status';
  return (
    ciObstacle(mergeRequest) ?? (mergeRequest.mergeability === 'can_be_merged' ? 'mergeable' : 'conflict')
  );
}

/** "Pipelines must succeed": without any pipeline for the head the merge stays blocked. */
function ciObstacle(mergeRequest: MergeRequest): string | undefined {
  const { settings } = mergeRequest.project;
  if (!settings.onlyAllowMergeIfPipelineSucceeds) return undefined;
  const status = headPipeline(mergeRequest)?.status;
  if (status === 'success' || (status === 'skipped' && settings.allowMergeOnSkippedPipeline))
    return undefined;
  return status === 'created' || status === 'pending' || status === 'running'
    ? 'ci_still_running'
    : 'ci_must_pass';
}

/** Forgets what was known and finds out anew, a while later, as the real one does. */
export function recheckMergeability(world: World, mergeRequest: MergeRequest): void {
  mergeRequest.mergeability = 'checking';
  const { sha } = mergeRequest;
  world.background.start(async () => {
    const { directory } = mergeRequest.project;
    const tip = await resolveCommit(directory, `refs/heads/${mergeRequest.targetBranch}`);
    const tree = tip === undefined ? undefined : await mergeTrees(directory, tip, sha);
    if (mergeRequest.sha === sha)
      mergeRequest.mergeability = tree === undefined ? 'cannot_be_merged' : 'can_be_merged';
  }, world.knobs.mergeCheckMs);
}
