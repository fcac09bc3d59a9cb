import { newLine, type LineId, type Release, type ReleaseLine } from '../../src/domain/release.ts';
import type { Production } from '../../src/domain/policy.ts';
import type { TrainingFacts, TrainingTask } from '../../src/domain/training.ts';
import { sampleSha } from './sample-run.ts';

export const sampleLine: LineId = { host: 'corp', repositoryId: '12', environment: 'prod' };
export const sampleRepository = { host: 'corp', id: '12', path: 'ml/auto-mpg' } as const;

/** The queue of auto-mpg's production, nothing in it. */
export function sampleReleaseLine(fields: Partial<ReleaseLine> = {}): ReleaseLine {
  return { ...newLine(sampleLine, { repository: sampleRepository, branch: 'main' }), ...fields };
}

/** A release that has just begun. */
export function sampleRelease(fields: Partial<Release> = {}): Release {
  return {
    v: 1,
    rev: 0,
    id: 'e'.repeat(24),
    line: sampleLine,
    repository: sampleRepository,
    branch: 'main',
    commit: sampleSha('3'),
    attempt: 1,
    began: '2026-05-04T10:00:00.000Z',
    since: sampleSha('1'),
    trigger: undefined,
    plan: undefined,
    phase: 'plan',
    phaseSince: '2026-05-04T10:00:00.000Z',
    outcome: undefined,
    reason: undefined,
    hold: undefined,
    wakeAt: undefined,
    intents: {},
    training: undefined,
    model: undefined,
    published: undefined,
    rollout: undefined,
    timeline: [{ at: '2026-05-04T10:00:00.000Z', text: 'began' }],
    memory: {},
    ...fields,
  };
}

export const sampleProduction: Production = {
  branch: 'main',
  environment: 'prod',
  pipeline: 'pipelines/production-pipeline.yaml',
  parameters: { trigger: '${trigger}' },
  triggers: { data: ['**/*.dvc'], feature: ['pipelines/**'], maintenance: ['.modelgate.yaml'] },
  deadline: 6 * 3_600_000,
  whenNewer: 'finish',
  model: { from: 'manifest', format: 'sklearn', file: 'model.pkl' },
  serving: {
    service: 'auto-mpg',
    protocol: 'v1',
    smoke: [],
    deadline: 600_000,
    steps: [100],
    pause: 600_000,
    minRequests: 200,
    rollbackWindow: 86_400_000,
  },
};

/** What the policy said when it began. */
export const samplePlan: NonNullable<Release['plan']> = {
  production: sampleProduction,
  limits: { rmse: { max: 4, maxRegression: 0.02 }, r2: { min: 0.8 } },
  pipelineDigest: 'd'.repeat(64),
};

/** A task of a run that took two minutes. */
export function sampleTask(name: string, fields: Partial<TrainingTask> = {}): TrainingTask {
  return {
    name,
    state: 'succeeded',
    started: '2026-05-04T10:01:00.000Z',
    finished: '2026-05-04T10:03:00.000Z',
    node: `node-${name}`,
    logTail: [],
    ...fields,
  };
}

/** A run with three of five tasks done. */
export function sampleTraining(fields: Partial<TrainingFacts> = {}): TrainingFacts {
  return {
    pipeline: 'ml-auto-mpg-prod-1a2b3c4d',
    version: '33333333-dddddddddddd',
    experiment: 'ml-auto-mpg-prod-1a2b3c4d',
    uploaded: { pipelineId: 'p-1', versionId: 'v-1' },
    runId: '5f1d7a80-0000-5000-8000-000000000001',
    serverRunId: '5f1d7a80-0000-5000-8000-000000000001',
    state: 'running',
    finished: undefined,
    tasks: [
      sampleTask('load-data'),
      sampleTask('prepare'),
      sampleTask('split'),
      sampleTask('train', { state: 'running', finished: undefined }),
      sampleTask('evaluate', { state: 'pending', started: undefined, finished: undefined, node: undefined }),
    ],
    trouble: undefined,
    ...fields,
  };
}

/** The model of auto-mpg. */
export const sampleModel: NonNullable<Release['model']> = {
  format: 'sklearn',
  files: [
    {
      path: 'model.pkl',
      from: 's3://mlpipeline/runs/5f1d/model.pkl',
      size: 1_200_000_000,
      digest: { algorithm: 'sha256', value: 'a'.repeat(64) },
    },
  ],
  metrics: { rmse: 3.42, r2: 0.87, mae: 2.6 },
  told: 's3://models/handover/5f1d7a80-0000-5000-8000-000000000001.json',
};

export const samplePublished: NonNullable<Release['published']> = {
  uri: 's3://models/serving/ml/auto-mpg/9f86d081884c7d65/',
  identity: '9f86d081884c7d65',
  files: [{ path: 'model.pkl', size: 1_200_000_000, sha256: 'a'.repeat(64) }],
};

export const sampleRollout: NonNullable<Release['rollout']> = {
  rolloutId: 'e'.repeat(24),
  service: 'auto-mpg',
  before: {
    storageUri: 's3://models/serving/ml/auto-mpg/0d1c2b3a/',
    format: 'sklearn',
    canaryTrafficPercent: undefined,
    rolloutId: 'd'.repeat(24),
  },
  revisionBefore: 'auto-mpg-predictor-00006',
  applied: '2026-05-04T10:10:00.000Z',
  readySince: '2026-05-04T10:11:00.000Z',
  failingSince: undefined,
  revision: 'auto-mpg-predictor-00007',
  url: 'http://auto-mpg.serving.example.com',
};

/** A release whose model serves. */
export function sampleReleased(fields: Partial<Release> = {}): Release {
  const training = sampleTraining();
  return sampleRelease({
    trigger: 'data',
    plan: samplePlan,
    phase: 'smoke',
    phaseSince: '2026-05-04T10:11:10.000Z',
    entered: {
      upload: '2026-05-04T10:00:20.000Z',
      train: '2026-05-04T10:00:50.000Z',
      collect: '2026-05-04T10:08:00.000Z',
      publish: '2026-05-04T10:08:10.000Z',
      'roll-out': '2026-05-04T10:10:00.000Z',
      smoke: '2026-05-04T10:11:10.000Z',
    },
    outcome: 'released',
    training: {
      ...training,
      state: 'succeeded',
      finished: '2026-05-04T10:08:00.000Z',
      tasks: training.tasks.map(({ name }) => sampleTask(name)),
    },
    model: sampleModel,
    published: samplePublished,
    rollout: sampleRollout,
    timeline: [
      { at: '2026-05-04T10:00:00.000Z', text: 'began: the data changed' },
      { at: '2026-05-04T10:01:00.000Z', text: 'the run was started' },
      { at: '2026-05-04T10:12:00.000Z', text: 'released' },
    ],
    ...fields,
  });
}

/** A release whose training failed. */
export function sampleFailed(fields: Partial<Release> = {}): Release {
  return sampleRelease({
    trigger: 'feature',
    plan: samplePlan,
    phase: 'train',
    phaseSince: '2026-05-04T10:01:00.000Z',
    outcome: 'failed',
    reason: 'the task "train" of the run failed',
    training: sampleTraining({
      state: 'failed',
      finished: '2026-05-04T10:05:00.000Z',
      tasks: [
        sampleTask('load-data'),
        sampleTask('train', {
          state: 'failed',
          logTail: ['Traceback (most recent call last):', "KeyError: 'horsepower'"],
        }),
        sampleTask('evaluate', { state: 'canceled', started: undefined, finished: undefined }),
      ],
    }),
    timeline: [
      { at: '2026-05-04T10:00:00.000Z', text: 'began' },
      { at: '2026-05-04T10:05:10.000Z', text: 'failed' },
    ],
    ...fields,
  });
}
