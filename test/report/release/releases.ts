import type { Release } from '../../../src/domain/release.ts';
import {
  sampleFailed,
  sampleModel,
  samplePlan,
  samplePublished,
  sampleRelease,
  sampleReleased,
  sampleRollout,
  sampleTask,
  sampleTraining,
} from '../../support/sample-release.ts';

const hold = {
  at: '2026-05-04T10:09:00.000Z',
  actor: 'modelgate',
  reason: 'Argo CD application auto-mpg owns the InferenceService auto-mpg: it would undo the rollout',
  remedy: 'Exclude `spec.predictor.model.storageUri` from its sync.',
};

/** What may be in a record that others had a hand in. */
const hostile = '</pre><script>alert(1)</script> @everyone `x` [a](javascript:b) | \u202e';

/** Releases in the states that people are told of. */
export const releases: Readonly<Record<string, Release>> = {
  planning: sampleRelease(),
  'planning-the-first': sampleRelease({ since: undefined }),
  uploading: sampleRelease({ phase: 'upload', plan: samplePlan, trigger: 'feature' }),
  'training-begins': sampleRelease({ phase: 'train', plan: samplePlan }),
  training: sampleRelease({
    phase: 'train',
    trigger: 'data',
    plan: samplePlan,
    training: sampleTraining(),
  }),
  stopping: sampleRelease({ phase: 'train', training: sampleTraining({ state: 'canceling' }) }),
  collecting: sampleRelease({
    phase: 'collect',
    plan: samplePlan,
    reason: 'waits for the manifest, until 2026-05-04 10:12:00 UTC.',
  }),
  publishing: sampleRelease({ phase: 'publish', plan: samplePlan, model: sampleModel }),
  'rolling-out': sampleRelease({
    phase: 'roll-out',
    plan: samplePlan,
    model: sampleModel,
    published: samplePublished,
  }),
  asking: sampleRelease({ phase: 'smoke', plan: samplePlan, rollout: sampleRollout }),
  restoring: sampleRelease({
    phase: 'restore',
    plan: samplePlan,
    rollout: sampleRollout,
    reason: 'the model failed to load',
  }),
  held: sampleRelease({
    phase: 'roll-out',
    plan: samplePlan,
    model: sampleModel,
    published: samplePublished,
    hold,
  }),
  released: sampleReleased(),
  published: sampleReleased({ rollout: undefined }),
  trained: sampleReleased({ rollout: undefined, published: undefined, model: undefined }),
  nothing: sampleRelease({ outcome: 'nothing-to-release', reason: 'the policy releases the branch "main"' }),
  'not-uploaded': sampleFailed({
    phase: 'upload',
    reason: 'Kubeflow refuses the pipeline',
    training: sampleTraining({ uploaded: undefined, serverRunId: undefined, state: undefined, tasks: [] }),
  }),
  failed: sampleFailed(),
  worse: sampleReleased({
    phase: 'collect',
    entered: undefined,
    outcome: 'failed',
    reason: 'the metric rmse is 4.6, and may be 4 at most.',
    model: { ...sampleModel, metrics: { rmse: 4.6, r2: 0.87 } },
    published: undefined,
    rollout: undefined,
  }),
  'put-back': sampleReleased({
    phase: 'restore',
    outcome: 'rolled-back',
    reason: 'the new model failed to load: No module named sklearn',
  }),
  superseded: sampleRelease({ phase: 'train', outcome: 'superseded', reason: 'superseded by 44444444' }),
  hostile: sampleFailed({
    branch: hostile,
    reason: `${hostile}\n/close`,
    model: { ...sampleModel, metrics: { [hostile]: 1, rmse: Number.NaN } },
    published: { ...samplePublished, uri: `s3://models/${hostile}/` },
    training: sampleTraining({
      state: 'failed',
      trouble: hostile,
      tasks: [
        sampleTask(hostile, {
          state: 'failed',
          logTail: ['/close', '```', '</details>', hostile, 'x'.repeat(9000)],
        }),
      ],
    }),
  }),
};
