import { zeroSha, type RefChange } from '../git/bare-repository.ts';
import { isAncestor } from '../git/history.ts';
import { callHooks } from './hooks/send.ts';
import { pushToMergeRequest } from './merge-requests/change.ts';
import { recheckMergeability } from './merge-requests/mergeability.ts';
import { tellHooks } from './merge-requests/open.ts';
import { pushPayload } from './payloads/push.ts';
import { startCi } from './pipelines/create.ts';
import type { MergeRequest, Project } from './state.ts';
import type { Act, World } from './world.ts';

/** What happens after a push (post-receive): hooks, merge requests, pipelines. */
export async function refsChanged(
  world: World,
  act: Act,
  project: Project,
  changes: readonly RefChange[],
): Promise<void> {
  for (const kind of ['refs/heads/', 'refs/tags/'] as const) {
    const ours = changes.filter((change) => change.ref.startsWith(kind));
    if (ours.length <= world.knobs.pushEventHooksLimit) await sendPushHooks(world, act, project, ours);
  }
  for (const change of changes) {
    if (change.ref.startsWith('refs/heads/')) await branchChanged(world, act, project, change);
  }
}

async function sendPushHooks(
  world: World,
  act: Act,
  project: Project,
  changes: readonly RefChange[],
): Promise<void> {
  for (const change of changes) {
    const isTag = change.ref.startsWith('refs/tags/');
    await callHooks(world, project, {
      event: isTag ? 'tag_push' : 'push',
      trigger: isTag ? 'Tag Push Hook' : 'Push Hook',
      payload: () => pushPayload(world, project, act.user, change),
      chain: act.chain,
    });
  }
}

async function branchChanged(world: World, act: Act, project: Project, change: RefChange): Promise<void> {
  if (change.new === zeroSha) return;
  const branch = change.ref.slice('refs/heads/'.length);
  const open = world.projects
    .flatMap((candidate) => candidate.mergeRequests)
    .filter((entry) => entry.state === 'opened');
  const fromHere = open.filter((entry) => entry.sourceProject === project && entry.sourceBranch === branch);
  for (const mergeRequest of fromHere) await pushToMergeRequest(world, act, mergeRequest, change.new);
  const toHere = open.filter((entry) => entry.project === project && entry.targetBranch === branch);
  for (const mergeRequest of toHere) await targetMoved(world, act, mergeRequest, change.new);
  if (fromHere.length === 0) startCi(world, act, { project, branch, sha: change.new });
}

/** A target that contains the head now was merged by a push; otherwise only mergeability is in doubt, and no hook tells. */
async function targetMoved(world: World, act: Act, mergeRequest: MergeRequest, tip: string): Promise<void> {
  const brought = mergeRequest.sha !== mergeRequest.diffRefs.base;
  if (!brought || !(await isAncestor(mergeRequest.project.directory, mergeRequest.sha, tip))) {
    recheckMergeability(world, mergeRequest);
    return;
  }
  mergeRequest.state = 'merged';
  mergeRequest.mergedBy = act.user;
  mergeRequest.mergedAt = world.now();
  mergeRequest.updatedAt = world.now();
  await tellHooks(world, act, mergeRequest, { action: 'merge' });
}
