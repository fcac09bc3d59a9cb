import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { TrainedModel } from '../../../src/domain/model.ts';
import { defaultPolicy, type Policy } from '../../../src/domain/policy.ts';
import type { Release } from '../../../src/domain/release.ts';
import { nextOfCollect } from '../../../src/release/phases/collect/next.ts';
import { nextOfPlan } from '../../../src/release/phases/plan/next.ts';
import type { PlanSeen } from '../../../src/release/phases/plan/observe.ts';
import { nextOfPublish } from '../../../src/release/phases/publish/next.ts';
import { describeUpload, nextOfUpload } from '../../../src/release/phases/upload/next.ts';
import { ago, asked, production, sampleRelease, sha } from '../sample.ts';

const environment: Environment = {
  name: 'prod',
  serves: () => true,
  names: () => false,
  releasesPerDay: 10,
  trains: true,
  publish: 's3://models/serving/',
  handover: 's3://models/handover/',
  mayChange: () => true,
};
const policy: Policy = { ...defaultPolicy, production };

function plan(over: Partial<PlanSeen> = {}, release: Partial<Release> = {}, resumed?: string) {
  const seen: PlanSeen = {
    policy,
    policyTrouble: undefined,
    bound: environment,
    pipelineDigest: 'd'.repeat(64),
    sinceSettled: ['data/cars.csv.dvc'],
    sinceReleased: ['data/cars.csv.dvc'],
    rewound: false,
    lastDeployed: undefined,
    ...over,
  };
  return nextOfPlan(asked(sampleRelease({ phase: 'plan', ...release }), seen, { resumed }));
}

describe('the plan', () => {
  test.each([
    [['data/cars.csv.dvc'], ['data/cars.csv.dvc'], 'data'],
    [['data/cars.csv.dvc', 'pipelines/p.yaml'], ['pipelines/p.yaml'], 'feature'],
    // What failed before is passed over, and still decides on the class.
    [['.modelgate.yaml'], ['.modelgate.yaml', 'data/cars.csv.dvc'], 'data'],
  ])(
    '%j changed since the last decision, %j since the last release — %s',
    (sinceSettled, sinceReleased, trigger) => {
      expect(plan({ sinceSettled, sinceReleased })).toMatchObject({
        kind: 'go',
        to: 'upload',
        facts: { trigger },
      });
    },
  );

  test('nothing that production is made of changed — nothing to release', () => {
    expect(plan({ sinceSettled: ['README.md'] })).toMatchObject({
      kind: 'end',
      outcome: 'nothing-to-release',
    });
  });

  test('the policy releases to another environment from now on — that is another line’s', () => {
    const elsewhere = { ...policy, production: { ...production, environment: 'staging' } };

    expect(plan({ policy: elsewhere, bound: { reason: 'not bound', remedy: '' } })).toMatchObject({
      kind: 'end',
      outcome: 'nothing-to-release',
    });
  });

  test('only what a run commits changed — nothing to release: a run does not start the next one', () => {
    const byPointer = { from: 'pointer', format: 'sklearn', path: 'model.pkl.dvc' } as const;
    const pointing = { ...policy, production: { ...production, model: byPointer } };

    expect(plan({ policy: pointing, sinceSettled: ['model.pkl.dvc'] })).toMatchObject({
      kind: 'end',
      outcome: 'nothing-to-release',
    });
  });

  test('people ask for another attempt — it is made although nothing changed', () => {
    expect(plan({ sinceSettled: [] }, { attempt: 2 })).toMatchObject({ kind: 'go', to: 'upload' });
  });

  test.each<[string, Partial<PlanSeen>, string]>([
    ['the policy is broken', { policy: undefined, policyTrouble: '.modelgate.yaml is broken: x' }, 'broken'],
    [
      'the environment is not bound',
      { bound: { reason: 'not bound to ml/auto-mpg', remedy: 'Bind it.' } },
      'not bound',
    ],
    ['the pipeline is not in the commit', { pipelineDigest: undefined }, 'pipelines/production.yaml'],
    [
      'no parameter names the manifest',
      { policy: { ...policy, production: { ...production, parameters: {} } } },
      '${manifest}',
    ],
  ])('%s — refused, and says why', (_what, over, words) => {
    expect(plan(over)).toMatchObject({
      kind: 'end',
      outcome: 'failed',
      reason: expect.stringContaining(words),
    });
  });

  test('the branch was moved back — held until people confirm it', () => {
    const rewound = { rewound: true, lastDeployed: sha('b') };

    expect(plan(rewound)).toMatchObject({ kind: 'hold', code: 'rewound' });
    expect(plan(rewound, {}, ago(1))).toMatchObject({ kind: 'go', to: 'upload' });
  });

  test('names on Kubeflow — the same every time, others for another commit or attempt', () => {
    const runIdOf = (release: Partial<Release>): unknown => {
      const next = plan({}, release);
      return 'facts' in next ? next.facts?.training?.runId : undefined;
    };

    expect(runIdOf({})).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(runIdOf({})).toBe(runIdOf({ began: ago(1) }));
    expect(new Set([runIdOf({}), runIdOf({ attempt: 2 }), runIdOf({ commit: sha('c') })]).size).toBe(3);
  });
});

describe('the upload', () => {
  const version = { pipelineId: 'p1', versionId: 'v1' };

  test.each([
    ['is not there', undefined, { kind: 'act', effect: { name: 'upload' } }],
    ['is there', { ...version, description: describeUpload('d'.repeat(64)) }, { kind: 'go', to: 'train' }],
    [
      'is there with another content',
      { ...version, description: 'by hand' },
      { kind: 'end', outcome: 'failed' },
    ],
  ])('the version %s', (_what, found, next) => {
    expect(nextOfUpload(asked(sampleRelease({ phase: 'upload' }), { version: found }))).toMatchObject(next);
  });
});

describe('the hand-over', () => {
  const model = {
    format: 'sklearn',
    files: [fileOf('model.pkl')],
    metrics: { rmse: 3.9 },
    told: 's3://m.json',
  };
  const limits = { rmse: { max: 4, maxRegression: 0.02 } };
  const release = sampleRelease({ phase: 'collect', plan: { production, limits, pipelineDigest: 'd' } });
  const collect = (over: Partial<TrainedModel>, before: Readonly<Record<string, number>> = {}) =>
    nextOfCollect(
      asked(release, { handedOver: { kind: 'model', model: { ...model, ...over } }, before, handOverMs: 1 }),
    );

  test('within its limits — published next', () => {
    expect(collect({})).toMatchObject({ kind: 'go', to: 'publish', facts: { model } });
  });

  test.each<[string, Partial<TrainedModel>, Readonly<Record<string, number>>, string]>([
    ['above the limit', { metrics: { rmse: 4.2 } }, {}, 'rmse is 4.2, above the limit of 4'],
    [
      'worse than the model in production',
      { metrics: { rmse: 3.9 } },
      { rmse: 3 },
      'rmse is 3.9, worse than the 3',
    ],
    ['without the metric', { metrics: {} }, {}, 'rmse is missing, and has a limit'],
    [
      'of two files that the runtime would stumble over',
      { files: [fileOf('a.pkl'), fileOf('b.pkl')] },
      {},
      'a.pkl, b.pkl',
    ],
  ])('%s — not published', (_what, over, before, words) => {
    expect(collect(over, before)).toMatchObject({
      kind: 'end',
      outcome: 'failed',
      reason: expect.stringContaining(words),
    });
  });

  test('nothing there yet — waited for, and then a failure with what to do', () => {
    const missing = {
      handedOver: { kind: 'missing', reason: 'no manifest' },
      before: {},
      handOverMs: 120_000,
    } as const;
    const since = (ms: number) => ({ ...release, phaseSince: ago(ms) });

    expect(nextOfCollect(asked(since(1000), missing))).toMatchObject({ kind: 'wait' });
    expect(nextOfCollect(asked(since(120_000), missing))).toMatchObject({
      kind: 'end',
      reason: 'no manifest',
    });
  });
});

function fileOf(path: string) {
  return {
    path,
    from: `s3://runs/${path}`,
    size: 3,
    digest: { algorithm: 'sha256', value: 'e'.repeat(64) },
  } as const;
}

describe('the publication', () => {
  const published = { uri: 's3://models/serving/auto-mpg/12/', identity: '12', files: [] };
  const release = sampleRelease({ phase: 'publish' });

  test.each([
    ['not there', { published: undefined, strangers: [], missing: ['model.pkl'] }, { kind: 'act' }],
    ['half there', { published: undefined, strangers: [], missing: [] }, { kind: 'act' }],
    [
      'there',
      { published, strangers: [], missing: [] },
      { kind: 'go', to: 'roll-out', facts: { published } },
    ],
    [
      'there, and a file was removed',
      { published, strangers: [], missing: ['model.pkl'] },
      { outcome: 'failed' },
    ],
    [
      'there, with a file that is not of it',
      { published, strangers: ['x.pkl'], missing: [] },
      { outcome: 'failed' },
    ],
  ])('%s', (_what, seen, next) => {
    expect(nextOfPublish(asked(release, seen))).toMatchObject(next);
  });

  test('the policy serves nothing — that is all', () => {
    const plan = { production: { ...production, serving: undefined }, limits: {}, pipelineDigest: 'd' };

    expect(
      nextOfPublish(asked({ ...release, plan }, { published, strangers: [], missing: [] })),
    ).toMatchObject({
      kind: 'end',
      outcome: 'released',
    });
  });
});
