import type { TrainingFacts } from '../../../domain/training.ts';
import type { PipelineVersion } from '../../../ports/pipelines.ts';
import type { Asked, Next } from '../../phase.ts';

/** The version of the pipeline on the platform; undefined: not there yet. */
export interface UploadSeen {
  readonly version: PipelineVersion | undefined;
}

/** The pipeline's file is sent. */
export interface SendPipeline {
  readonly name: 'upload';
}

/** The version is made once for each commit and content; one with the same name and another content is never used. */
export function nextOfUpload({ release, seen }: Asked<UploadSeen>): Next<SendPipeline> {
  const { training, plan } = release;
  if (training === undefined || plan === undefined) throw new Error('there is no plan to upload by');
  const { version } = seen;
  if (version === undefined)
    return { kind: 'act', effect: { name: 'upload' }, note: `uploading the pipeline as ${training.version}` };
  if (version.description !== describeUpload(plan.pipelineDigest))
    return {
      kind: 'end',
      outcome: 'failed',
      reason: `Kubeflow has a version "${training.version}" of the pipeline "${training.pipeline}" that is not ours. Remove it there and retry the release.`,
    };
  const { pipelineId, versionId } = version;
  const facts: { readonly training: TrainingFacts } = {
    training: { ...training, uploaded: { pipelineId, versionId } },
  };
  return { kind: 'go', to: 'train', facts, note: `the pipeline is there as ${training.version}` };
}

/** What stands beside our version: the digest of the file as it was sent (specs kubeflow-kserve 3.8). */
export function describeUpload(pipelineDigest: string): string {
  return `modelgate sha256:${pipelineDigest}`;
}
