import { describe, expect, test } from 'vitest';
import { modeOf, normalise } from '../../../src/adapters/kserve/normalise.ts';
import { condition, deployment, inferenceService, revision, type Fields } from './objects.ts';

const read = (service: unknown, more: { revision?: unknown; deployment?: unknown } = {}) =>
  normalise({ service, revision: undefined, deployment: undefined, complaints: [], ...more });
const withStatus = (status: Fields) => read(inferenceService({ status }));
const annotated = (annotations: Fields, status?: Fields) =>
  inferenceService({ metadata: { annotations }, ...(status && { status }) });
const mode = 'serving.kserve.io/deploymentMode';

describe('the mode', () => {
  test.each<[string, unknown, string]>([
    ['status Knative', inferenceService({ status: { deploymentMode: 'Knative' } }), 'knative'],
    [
      'status Serverless, before 0.16',
      inferenceService({ status: { deploymentMode: 'Serverless' } }),
      'knative',
    ],
    ['status RawDeployment', inferenceService({ status: { deploymentMode: 'RawDeployment' } }), 'standard'],
    ['status ModelMesh', inferenceService({ status: { deploymentMode: 'ModelMesh' } }), 'modelmesh'],
    ['annotation Standard', annotated({ [mode]: 'Standard' }), 'standard'],
    ['annotation RawDeployment', annotated({ [mode]: 'RawDeployment' }), 'standard'],
    ['the status counts more', annotated({ [mode]: 'Standard' }, { deploymentMode: 'Knative' }), 'knative'],
    [
      'a word of tomorrow in the status',
      annotated({ [mode]: 'Standard' }, { deploymentMode: 'Wasm' }),
      'standard',
    ],
    [
      'nothing told, but a revision',
      inferenceService({ status: { components: { predictor: { latestCreatedRevision: 'r-00001' } } } }),
      'knative',
    ],
    [
      'nothing told, an empty revision',
      inferenceService({ status: { components: { predictor: { latestCreatedRevision: '' } } } }),
      'unknown',
    ],
    ['just created', inferenceService(), 'unknown'],
  ])('%s', (_name, service, expected) => {
    expect(modeOf(service)).toBe(expected);
    expect(read(service).mode).toBe(expected);
  });

  test('nothing told — but the Deployment that Standard makes — is Standard', () => {
    expect(read(inferenceService(), { deployment: deployment() }).mode).toBe('standard');
  });
});

describe('Ready', () => {
  test.each<[string, readonly unknown[], boolean | undefined]>([
    ['True', [condition('Ready', 'True')], true],
    ['False', [condition('Ready', 'False')], false],
    ['Unknown, in the middle of a healthy rollout', [condition('Ready', 'Unknown')], undefined],
    ['not told', [condition('PredictorReady', 'True')], undefined],
    ['twice the same', [condition('Ready', 'True'), condition('Ready', 'True')], true],
    ['twice, in disagreement', [condition('Ready', 'True'), condition('Ready', 'False')], undefined],
    ['no words', [{ type: 'Ready', status: true }, 7, null, { status: 'True' }], undefined],
  ])('%s', (_name, conditions, ready) => {
    expect(withStatus({ conditions }).ready).toBe(ready);
  });
});

describe('complaints', () => {
  test('conditions that are False — are told once, the cause before what repeats it', () => {
    const why = { reason: 'RevisionFailed', message: 'Revision "auto-mpg-predictor-00002" failed' };
    const { complaints } = withStatus({
      conditions: [
        condition('Ready', 'False', why),
        condition('IngressReady', 'True'),
        condition('PredictorReady', 'False', why),
        condition('Stopped', 'False'),
        condition('LatestDeploymentReady', 'False', { severity: 'Info', message: 'two\nlines' }),
        condition('PredictorRouteReady', 'False', { reason: 'RouteMissing' }),
        condition('TransformerReady', 'Unknown', { message: 'not yet' }),
        condition('ExplainerReady', 'False'),
      ],
    });

    expect(complaints).toEqual([
      'PredictorReady: Revision "auto-mpg-predictor-00002" failed',
      'LatestDeploymentReady: two lines',
      'PredictorRouteReady: RouteMissing',
      'ExplainerReady: False',
    ]);
  });

  test('what lets KServe ignore an edit, or stops the service — is told', () => {
    const service = annotated(
      { 'serving.kserve.io/stop': 'true', 'serving.kserve.io/disable-auto-update': 'true' },
      { conditions: [condition('Stopped', 'True')] },
    );

    expect(read(service).complaints).toEqual([
      'it is stopped by the annotation serving.kserve.io/stop',
      'the annotation serving.kserve.io/disable-auto-update lets KServe ignore every edit',
    ]);
  });

  test('one that goes away — says so', () => {
    const metadata = {
      deletionTimestamp: '2026-05-04T10:00:00Z',
      finalizers: ['inferenceservice.finalizers'],
    };
    expect(read(inferenceService({ metadata })).complaints).toEqual(['it is being deleted']);
  });

  test('the log of a pod in a message — is cut', () => {
    const { complaints } = withStatus({
      conditions: [condition('PredictorReady', 'False', { message: 'Traceback '.repeat(1000) })],
    });

    expect(complaints[0]).toHaveLength(600);
  });
});

describe('the model status', () => {
  test('states, the transition and the last failure with its revision and time', () => {
    const { transition, targetModelState, activeModelState, lastFailure } = withStatus({
      modelStatus: {
        transitionStatus: 'BlockedByFailedLoad',
        states: { activeModelState: 'Loaded', targetModelState: 'FailedToLoad' },
        copies: { failedCopies: 0, totalCopies: 2 },
        lastFailureInfo: {
          reason: 'ModelLoadFailed',
          message: 'ModelMissingError: no model in /mnt/models\n',
          exitCode: 1,
          modelRevisionName: 'auto-mpg-predictor-00002',
          time: '2026-05-04T10:00:07Z',
        },
      },
    });

    expect({ transition, targetModelState, activeModelState }).toEqual({
      transition: 'BlockedByFailedLoad',
      targetModelState: 'FailedToLoad',
      activeModelState: 'Loaded',
    });
    expect(lastFailure).toEqual({
      reason: 'ModelLoadFailed',
      message: 'ModelMissingError: no model in /mnt/models',
      revision: 'auto-mpg-predictor-00002',
      at: '2026-05-04T10:00:07Z',
    });
  });

  test('a failure from before — stays beside a model that is loaded', () => {
    const { transition, lastFailure } = withStatus({
      modelStatus: {
        transitionStatus: 'UpToDate',
        states: { activeModelState: 'Loaded', targetModelState: 'Loaded' },
        lastFailureInfo: {
          reason: 'ModelLoadFailed',
          message: 'long ago',
          modelRevisionName: '',
          time: null,
        },
      },
    });

    expect(transition).toBe('UpToDate');
    expect(lastFailure).toEqual({
      reason: 'ModelLoadFailed',
      message: 'long ago',
      revision: undefined,
      at: undefined,
    });
  });

  test.each<[string, unknown, unknown]>([
    ['empty', {}, undefined],
    ['of empty texts', { reason: '', message: '' }, undefined],
    [
      'an exit code alone',
      { exitCode: 137 },
      { reason: 'unknown', message: 'exit code 137', revision: undefined, at: undefined },
    ],
    ['a text', 'broken', undefined],
  ])('a last failure that is %s', (_name, lastFailureInfo, expected) => {
    expect(withStatus({ modelStatus: { lastFailureInfo } }).lastFailure).toEqual(expected);
  });
});

describe('Knative revisions', () => {
  const predictor = {
    latestCreatedRevision: 'p-00002',
    latestReadyRevision: 'p-00001',
    latestRolledoutRevision: 'p-00001',
    // While the new one is not ready, the latest ready one still is the old one: both name it.
    traffic: [
      { latestRevision: true, revisionName: 'p-00001', percent: 10, tag: 'latest' },
      { latestRevision: false, revisionName: 'p-00001', percent: 90, tag: 'prev' },
      { revisionName: '', tag: 'dark' },
      'no target',
    ],
  };
  const service = inferenceService({ status: { components: { predictor } } });

  test('created, ready, rolled out, traffic and the stamp of the created one', () => {
    const created = revision('p-00002', [condition('Ready', 'Unknown')], 'r-2');

    expect(read(service, { revision: created }).revisions).toEqual({
      created: 'p-00002',
      ready: 'p-00001',
      rolledOut: 'p-00001',
      traffic: [
        { revision: 'p-00001', latest: true, percent: 10 },
        { revision: 'p-00001', latest: false, percent: 90 },
        { revision: undefined, latest: false, percent: 0 },
      ],
      createdStamp: 'r-2',
      createdFailure: undefined,
    });
  });

  test.each<[string, readonly Fields[], string | undefined]>([
    [
      'a model server that ended',
      [condition('Ready', 'False', { reason: 'ExitCode1', message: 'Container failed with: boom' })],
      'ExitCode1: Container failed with: boom',
    ],
    [
      'the deadline',
      [condition('Ready', 'False', { reason: 'ProgressDeadlineExceeded' })],
      'ProgressDeadlineExceeded',
    ],
    ['no reason', [condition('Ready', 'False')], 'Ready'],
    [
      'scaled to zero',
      [condition('Active', 'False', { reason: 'NoTraffic' }), condition('Ready', 'True')],
      undefined,
    ],
    ['on its way', [condition('Ready', 'Unknown', { reason: 'Deploying' })], undefined],
  ])('a created revision: %s', (_name, conditions, failure) => {
    expect(read(service, { revision: revision('p-00002', conditions) }).revisions.createdFailure).toBe(
      failure,
    );
  });

  test('a revision that may not be seen — leaves stamp and failure open', () => {
    const { createdStamp, createdFailure } = read(service).revisions;
    expect({ createdStamp, createdFailure }).toEqual({ createdStamp: undefined, createdFailure: undefined });
  });
});

describe('the Deployment', () => {
  const see = (one: unknown) => read(inferenceService(), { deployment: one }).deployment;

  test('rolled out', () => {
    expect(see(deployment())).toEqual({
      stamp: 'r-1',
      upToDate: true,
      replicas: 2,
      updated: 2,
      available: 2,
      failure: undefined,
    });
  });

  test('an edit that its controller has not seen — is not up to date, and old trouble is not told as new', () => {
    const conditions = [condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' })];
    expect(see(deployment({ status: { observedGeneration: 3, conditions } }))).toMatchObject({
      upToDate: false,
      failure: undefined,
    });
  });

  test('pods of the old template that still run — keep the numbers apart', () => {
    const status = { replicas: 3, updatedReplicas: 2, availableReplicas: 3 };
    expect(see(deployment({ status }))).toMatchObject({ replicas: 3, updated: 2, available: 3 });
  });

  test('too few pods — count against what is wanted', () => {
    const status = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    expect(see(deployment({ status }))).toMatchObject({ replicas: 2, updated: 1, available: 1 });
  });

  test.each<[string, readonly Fields[], string | undefined]>([
    [
      'the deadline',
      [
        condition('Progressing', 'False', {
          reason: 'ProgressDeadlineExceeded',
          message: 'ReplicaSet "x" has timed out',
        }),
      ],
      'ProgressDeadlineExceeded: ReplicaSet "x" has timed out',
    ],
    [
      'pods that cannot be made',
      [condition('ReplicaFailure', 'True', { reason: 'FailedCreate', message: 'exceeded quota' })],
      'FailedCreate: exceeded quota',
    ],
    ['paused', [condition('Progressing', 'False', { reason: 'DeploymentPaused' })], undefined],
    ['not available yet', [condition('Available', 'False')], undefined],
    ['a failure that is over', [condition('ReplicaFailure', 'False')], undefined],
  ])('trouble: %s', (_name, conditions, failure) => {
    expect(see(deployment({ status: { conditions } }))?.failure).toBe(failure);
  });

  test('one that was made this moment — nothing is known', () => {
    const { status: _none, ...fresh } = deployment({ spec: { replicas: undefined } });
    expect(see(fresh)).toMatchObject({ upToDate: false, replicas: 1, updated: 0, available: 0 });
  });

  test('none — undefined', () => {
    expect(see(undefined)).toBeUndefined();
  });
});
