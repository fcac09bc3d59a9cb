import type { Release } from '../../../domain/release.ts';
import { UserError } from '../../../errors.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { contentOf } from '../plan/observe.ts';
import { describeUpload, nextOfUpload, type SendPipeline, type UploadSeen } from './next.ts';

/** The pipeline's file on its way to Kubeflow. */
export const upload: Phase<UploadSeen, SendPipeline> = {
  name: 'upload',
  async observe({ training }, { pipelines }, signal) {
    const { pipeline = '', version = '' } = training ?? {};
    return { version: await pipelines.findVersion(pipeline, version, signal) };
  },
  next: nextOfUpload,
  async perform(_effect, release, world, signal) {
    const { training, plan } = release;
    if (training === undefined || plan === undefined) return;
    const yaml = await pipelineOf(release, world, signal);
    const { pipeline, version } = training;
    const description = describeUpload(plan.pipelineDigest);
    await world.pipelines.uploadVersion({ pipeline, version, description, yaml }, signal);
  },
};

async function pipelineOf(release: Release, world: ReleaseWorld, signal: AbortSignal): Promise<string> {
  const { repository, branch, commit, plan } = release;
  const history = await world.snapshots.history({ repository, branch, commit }, signal);
  const tree = await history.treeOf(commit, signal);
  const entries = tree === undefined ? [] : await history.trees.list(tree, signal);
  const path = plan?.production.pipeline ?? '';
  const content = await contentOf(history, entries, path, world, signal);
  if (content !== undefined) return content.toString('utf8');
  throw new UserError(
    'pipeline-gone',
    `the pipeline ${path} of commit ${commit} cannot be read any more`,
    'Push the branch again and retry the release.',
  );
}
