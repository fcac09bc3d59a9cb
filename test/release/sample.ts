import type { Production, ServingPlan } from '../../src/domain/policy.ts';
import { newLine, type LineId, type Release, type ReleaseLine } from '../../src/domain/release.ts';
import type { Sha } from '../../src/domain/repository.ts';
import { sampleSha } from '../support/sample-run.ts';
import type { InferenceService } from '../../src/ports/serving.ts';
import type { PipelineRun } from '../../src/ports/pipelines.ts';
import { newRelease } from '../../src/release/candidates.ts';
import type { Asked } from '../../src/release/phase.ts';
import { defaultReleaseTiming } from '../../src/release/world.ts';

/** When everything of these samples happens. */
export const now = new Date('2026-05-04T10:00:00.000Z');
export const timing = defaultReleaseTiming;

/** An ISO time so many milliseconds before now. */
export function ago(ms: number): string {
  return new Date(now.getTime() - ms).toISOString();
}

/** A commit made of one digit. */
export function sha(digit: string): Sha {
  return sampleSha(digit);
}

export const lineId: LineId = { host: 'corp', repositoryId: '7', environment: 'prod' };
export const repository = { host: 'corp', id: '7', path: 'ml/auto-mpg' };

export const serving: ServingPlan = {
  service: 'auto-mpg',
  protocol: 'v1',
  smoke: [],
  deadline: 900_000,
  steps: [100],
  pause: 0,
  minRequests: 0,
  rollbackWindow: 0,
};

export const production: Production = {
  branch: 'main',
  environment: 'prod',
  pipeline: 'pipelines/production.yaml',
  parameters: { trigger: '${trigger}', manifest: '${manifest}' },
  triggers: { data: ['**/*.dvc'], feature: ['pipelines/**'], maintenance: ['.modelgate.yaml'] },
  deadline: 3_600_000,
  whenNewer: 'finish',
  model: { from: 'manifest', format: 'sklearn', file: 'model.pkl' },
  serving,
};

export function sampleLine(over: Partial<ReleaseLine> = {}): ReleaseLine {
  return { ...newLine(lineId, { repository, branch: 'main' }), ...over };
}

/** A release of commit a, with a plan, in the phase that it is asked for. */
export function sampleRelease(over: Partial<Release> = {}): Release {
  const begun = newRelease(
    sampleLine(),
    { commit: sha('a'), branch: 'main', attempt: 1 },
    { at: ago(60_000), seenBefore: false },
  );
  return {
    ...begun,
    trigger: 'data',
    plan: { production, limits: {}, pipelineDigest: 'd'.repeat(64) },
    training: {
      pipeline: 'ml-auto-mpg',
      version: 'aaaaaaaa-dddddddddddd',
      experiment: 'ml-auto-mpg',
      uploaded: { pipelineId: 'p1', versionId: 'v1' },
      runId: 'b8f0c1de-0000-5000-8000-000000000001',
      serverRunId: undefined,
      state: undefined,
      finished: undefined,
      tasks: [],
      trouble: undefined,
    },
    ...over,
  };
}

/** What a phase is asked with. */
export function asked<Seen>(release: Release, seen: Seen, over: Partial<Asked<Seen>> = {}): Asked<Seen> {
  return { release, seen, now, newer: undefined, resumed: undefined, ...over };
}

export function sampleRun(over: Partial<PipelineRun> = {}): PipelineRun {
  return {
    id: 'b8f0c1de-0000-5000-8000-000000000001',
    name: 'aaaaaaaa data 1',
    state: 'running',
    created: ago(30_000),
    finished: undefined,
    trouble: undefined,
    tasks: [],
    ...over,
  };
}

/** A Knative service that serves an older model, and is fine. */
export function sampleService(over: Partial<InferenceService> = {}): InferenceService {
  return {
    name: 'auto-mpg',
    resourceVersion: '41',
    mode: 'knative',
    model: {
      storageUri: 's3://models/old/',
      format: 'sklearn',
      canaryTrafficPercent: undefined,
      rolloutId: undefined,
    },
    before: undefined,
    gitopsOwner: undefined,
    url: 'http://auto-mpg.serving.example.com',
    ready: true,
    complaints: [],
    transition: 'UpToDate',
    targetModelState: 'Loaded',
    activeModelState: 'Loaded',
    lastFailure: undefined,
    revisions: {
      created: 'auto-mpg-00001',
      ready: 'auto-mpg-00001',
      rolledOut: 'auto-mpg-00001',
      traffic: [{ revision: 'auto-mpg-00001', latest: true, percent: 100 }],
      createdStamp: undefined,
      createdFailure: undefined,
    },
    deployment: undefined,
    ...over,
  };
}
