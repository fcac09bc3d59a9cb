import { describe, expect, test } from 'vitest';
import type { Release } from '../../../src/domain/release.ts';
import type { InferenceService } from '../../../src/ports/serving.ts';
import { wantedModel } from '../../../src/release/phases/roll-out/next.ts';
import { nextOfRestore } from '../../../src/release/phases/restore/next.ts';
import { nextOfSmoke } from '../../../src/release/phases/smoke/next.ts';
import { ago, asked, sampleRelease, sampleService, timing } from '../sample.ts';

const published = { uri: 's3://models/serving/auto-mpg/1234/', identity: '1234', files: [] };
const model = { format: 'sklearn', files: [], metrics: {}, told: 'a manifest' };
const old = sampleService().model;
const rollout = {
  rolloutId: 'x',
  service: 'auto-mpg',
  before: old,
  revisionBefore: undefined,
  applied: ago(1000),
  readySince: undefined,
  failingSince: undefined,
  revision: undefined,
  url: undefined,
} as const;
const release = sampleRelease({
  published,
  model,
  rollout,
  reason: 'the model did not load',
  phaseSince: ago(1000),
});
const ours = sampleService({ model: wantedModel(release) });

function restoring(of: Release, service: InferenceService | undefined) {
  return nextOfRestore(asked(of, { service, timing }));
}

describe('putting the old model back', () => {
  test('ours is there — the old specification is written again', () => {
    expect(restoring(release, ours)).toMatchObject({
      kind: 'act',
      effect: { name: 'put-back', model: old, resourceVersion: '41' },
    });
  });

  test('there was none before — what we made is removed', () => {
    const created = { ...release, rollout: { ...rollout, before: 'nothing' } } as const;

    expect(restoring(created, ours)).toMatchObject({
      kind: 'act',
      effect: { name: 'remove' },
    });
    expect(restoring(created, undefined)).toMatchObject({
      kind: 'end',
      outcome: 'rolled-back',
    });
  });

  test('our records are gone — the note on the service says what was before', () => {
    const forgotten = { ...release, rollout: { ...rollout, before: undefined } };

    expect(restoring(forgotten, { ...ours, before: old })).toMatchObject({
      effect: { name: 'put-back', model: old },
    });
    expect(restoring(forgotten, ours)).toMatchObject({ kind: 'hold' });
  });

  test('the old model is back and ready — rolled back, with the reason', () => {
    expect(restoring(release, sampleService())).toMatchObject({
      kind: 'end',
      outcome: 'rolled-back',
      reason: 'the model did not load. The old model is back',
    });
  });

  test('Ready is still that of the new model — the old one is not back yet', () => {
    const lagging = sampleService({
      revisions: {
        ...sampleService().revisions,
        created: 'auto-mpg-00002',
        ready: 'auto-mpg-00002',
        traffic: [{ revision: 'auto-mpg-00002', latest: true, percent: 100 }],
        createdStamp: release.id,
      },
    });

    expect(nextOfRestore(asked(release, { service: lagging, timing }))).toMatchObject({ kind: 'wait' });
  });

  test('it comes up — waited for, but not for ever', () => {
    const loading = sampleService({ ready: false });

    expect(restoring(release, loading)).toMatchObject({ kind: 'wait' });
    const late = { ...release, phaseSince: ago(900_001) };
    expect(restoring(late, loading)).toMatchObject({
      kind: 'end',
      outcome: 'rolled-back',
    });
  });

  test('somebody else changed it meanwhile — left as it is', () => {
    const foreign = sampleService({ model: { ...old, storageUri: 's3://models/third/' } });

    expect(restoring(release, foreign)).toMatchObject({
      kind: 'end',
      reason: expect.stringContaining('Somebody else'),
    });
  });
});

describe('smoke predictions', () => {
  const seen = {
    service: ours,
    asked: 2,
    wrong: [] as readonly string[],
    unanswered: [] as readonly string[],
    timing,
  };

  test('all right — released', () => {
    expect(nextOfSmoke(asked(release, seen))).toMatchObject({ kind: 'end', outcome: 'released' });
  });

  test('wrong — asked again for a while, then the old model is put back', () => {
    const wrong = { ...seen, wrong: ['smoke prediction 1: 3 instead of 4'] };

    expect(nextOfSmoke(asked(release, wrong))).toMatchObject({ kind: 'wait' });
    const late = { ...release, phaseSince: ago(timing.smokeMs) };
    expect(nextOfSmoke(asked(late, wrong))).toMatchObject({
      kind: 'go',
      to: 'restore',
      reason: expect.stringContaining('3 instead of 4'),
    });
  });

  test('no answer — says nothing about the model: it has the time that a rollout has', () => {
    const silent = { ...seen, unanswered: ['smoke prediction 1: the gateway does not answer'] };
    const after = (ms: number) => nextOfSmoke(asked({ ...release, phaseSince: ago(ms) }, silent));

    expect(after(timing.smokeMs)).toMatchObject({ kind: 'wait' });
    expect(after(900_000)).toMatchObject({ kind: 'go', to: 'restore' });
  });

  test('all right, and the note of what was before is there — it stays: KServe would make a new revision without it', () => {
    const noted = { ...seen, service: { ...ours, before: old } };

    expect(nextOfSmoke(asked(release, noted))).toMatchObject({ kind: 'end', outcome: 'released' });
  });

  test('somebody changed the service meanwhile — the rollout looks at it again', () => {
    expect(nextOfSmoke(asked(release, { ...seen, service: sampleService() }))).toMatchObject({
      kind: 'go',
      to: 'roll-out',
    });
  });
});
