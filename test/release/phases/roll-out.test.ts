import { describe, expect, test } from 'vitest';
import type { Release } from '../../../src/domain/release.ts';
import type { InferenceService } from '../../../src/ports/serving.ts';
import type { Asked } from '../../../src/release/phase.ts';
import { rolloutState } from '../../../src/release/phases/roll-out/evidence.ts';
import { nextOfRollOut, wantedModel, type RollOutSeen } from '../../../src/release/phases/roll-out/next.ts';
import { ago, asked, now, sampleRelease, sampleService, timing } from '../sample.ts';

const published = { uri: 's3://models/serving/auto-mpg/1234/', identity: '1234', files: [] };
const model = { format: 'sklearn', files: [], metrics: {}, told: 'a manifest' };

function releaseOf(over: Partial<Release> = {}): Release {
  return sampleRelease({ phase: 'roll-out', published, model, ...over });
}

const id = releaseOf().id;
const ours = wantedModel(releaseOf());
const rollout: NonNullable<Release['rollout']> = {
  rolloutId: id,
  service: 'auto-mpg',
  before: sampleService().model,
  revisionBefore: 'auto-mpg-00001',
  applied: ago(30_000),
  readySince: undefined,
  failingSince: undefined,
  revision: undefined,
  url: undefined,
};
/** A service with our edit in it and everything about it right; parts are made wrong below. */
const up = sampleService({
  model: ours,
  revisions: {
    created: 'auto-mpg-00002',
    ready: 'auto-mpg-00002',
    rolledOut: 'auto-mpg-00001',
    traffic: [{ revision: 'auto-mpg-00002', latest: true, percent: 100 }],
    createdStamp: id,
    createdFailure: undefined,
  },
});

function next(
  service: InferenceService | undefined,
  release: Release,
  over: Partial<Asked<RollOutSeen>> = {},
  isProven = false,
) {
  return nextOfRollOut(asked(release, { service, isProven, timing }, over));
}

describe('before the edit', () => {
  test('there is no service — it is created', () => {
    expect(next(undefined, releaseOf())).toMatchObject({
      kind: 'act',
      effect: { name: 'create', model: ours },
      facts: { rollout: { before: 'nothing' } },
    });
  });

  test('it serves another model — replaced in one write, what was there is kept first', () => {
    const service = sampleService();

    expect(next(service, releaseOf())).toMatchObject({
      kind: 'act',
      effect: { name: 'replace', model: ours, before: service.model, resourceVersion: '41' },
      facts: { rollout: { before: service.model, revisionBefore: 'auto-mpg-00001' } },
    });
  });

  const older = { ...sampleService().model, storageUri: 's3://models/older/' };
  test.each([
    ['of a release that came to a good end', older, true, sampleService().model],
    ['of a release that did not', older, false, older],
    [
      'of a release that made the service, which is never removed again',
      'nothing',
      false,
      sampleService().model,
    ],
  ] as const)('it has a note %s — says what is put back', (_what, before, isProven, kept) => {
    expect(next(sampleService({ before }), releaseOf(), {}, isProven)).toMatchObject({
      effect: { name: 'replace', before: kept },
    });
  });

  test.each([
    ['a GitOps owner', { gitopsOwner: 'the Argo CD application auto-mpg' }, 'gitops'],
    ['a canary of somebody', { model: { ...sampleService().model, canaryTrafficPercent: 10 } }, 'canary'],
  ])('%s — held, nothing is written', (_what, over, code) => {
    expect(next(sampleService(over), releaseOf())).toMatchObject({ kind: 'hold', code });
  });

  test('a GitOps owner — the hold names it, what it has to ignore, and the annotation that says so', () => {
    const owned = sampleService({ gitopsOwner: 'the Argo CD application auto-mpg' });

    expect(next(owned, releaseOf())).toMatchObject({
      reason: expect.stringContaining('the Argo CD application auto-mpg'),
      remedy: expect.stringMatching(/storageUri.*docs\/gitops\.md.*modelgate\.dev\/gitops=ignores-model/),
    });
    expect(next({ ...owned, gitopsOwner: undefined }, releaseOf({ hold: held }))).toMatchObject({
      kind: 'act',
    });
  });

  test('a GitOps owner, and people resume the release — it goes on; the next release is held again', () => {
    const owned = sampleService({ gitopsOwner: 'the Flux Kustomization models' });

    expect(next(owned, releaseOf({ hold: held }), { resumed: ago(1) })).toMatchObject({
      kind: 'act',
      effect: { name: 'replace' },
    });
    expect(next(owned, releaseOf())).toMatchObject({ kind: 'hold', code: 'gitops' });
  });

  test('a GitOps owner, and people resumed the release for another reason before — it is held', () => {
    const owned = sampleService({ gitopsOwner: 'the Flux Kustomization models' });
    const release = releaseOf({ phaseSince: ago(1000) });

    expect(next(owned, release, { resumed: ago(2000) })).toMatchObject({ kind: 'hold', code: 'gitops' });
  });

  test('a GitOps owner that put its model back after people resumed — is a foreign edit', () => {
    const undone = { ...up, gitopsOwner: 'Argo CD', model: { ...ours, storageUri: 's3://models/from-git/' } };

    expect(next(undone, releaseOf({ rollout }), { resumed: ago(60_000) })).toMatchObject({
      kind: 'hold',
      code: 'foreign-edit',
    });
  });
});

const held = { at: ago(1000), actor: 'modelgate', reason: 'it is owned', remedy: 'Ask.' };

describe('after the edit', () => {
  test('the answer to it was lost, or our records are — the stamp tells, and the note tells what was before', () => {
    const before = {
      storageUri: 's3://models/older/',
      format: 'sklearn',
      canaryTrafficPercent: undefined,
      rolloutId: 'x',
    };
    const followed = next({ ...up, before, ready: false }, releaseOf());

    expect(followed).toMatchObject({
      kind: 'wait',
      facts: { rollout: { applied: now.toISOString(), before } },
    });
  });

  test('up — for a moment first, then for good', () => {
    expect(next(up, releaseOf({ rollout }))).toMatchObject({ kind: 'wait' });
    const stable = { ...rollout, readySince: ago(timing.stableMs) };
    expect(next(up, releaseOf({ rollout: stable }))).toMatchObject({
      kind: 'go',
      to: 'smoke',
      facts: { rollout: { revision: 'auto-mpg-00002' } },
    });
  });

  test('it flips while it is being watched — the moment begins again', () => {
    const stable = { ...rollout, readySince: ago(5000) };

    expect(next({ ...up, ready: undefined }, releaseOf({ rollout: stable }))).toMatchObject({
      kind: 'wait',
      facts: { rollout: { readySince: undefined } },
    });
  });

  test('the model fails to load — it may come up at a restart, and then the old one is put back and the reason says why', () => {
    const failing = { ...up, transition: 'BlockedByFailedLoad', lastFailure: failure({ at: ago(1000) }) };

    expect(next(failing, releaseOf({ rollout }))).toMatchObject({
      kind: 'wait',
      facts: { rollout: { failingSince: now.toISOString() } },
    });
    const failingSince = ago(timing.failingMs);
    expect(next({ ...up, ready: false }, releaseOf({ rollout: { ...rollout, failingSince } }))).toMatchObject(
      {
        kind: 'wait',
        facts: { rollout: { failingSince: undefined } },
      },
    );
    expect(next(failing, releaseOf({ rollout: { ...rollout, failingSince } }))).toMatchObject({
      kind: 'go',
      to: 'restore',
      reason: expect.stringContaining('no model file'),
    });
  });

  test('it never comes up — the old one is put back after the deadline', () => {
    const old = { ...rollout, applied: ago(900_001) };

    expect(next({ ...up, ready: false }, releaseOf({ rollout: old }))).toMatchObject({
      kind: 'go',
      to: 'restore',
    });
  });

  test.each([
    ['another model', { ...up, model: { ...ours, storageUri: 's3://evil/' } }],
    ['another stamp', { ...up, model: { ...ours, rolloutId: 'other' } }],
    ['deleted', undefined],
  ])('somebody else wrote: %s — held', (_what, service) => {
    expect(next(service, releaseOf({ rollout }))).toMatchObject({ kind: 'hold' });
  });

  test('people resume it after a foreign edit — ours is written once more', () => {
    const edited = { ...up, model: { ...ours, storageUri: 's3://other/' } };

    expect(next(edited, releaseOf({ rollout }), { resumed: ago(1) })).toMatchObject({
      kind: 'act',
      effect: { name: 'replace' },
    });
  });
});

function failure(over: Partial<NonNullable<InferenceService['lastFailure']>> = {}) {
  return { reason: 'ModelLoadFailed', message: 'no model file', revision: undefined, at: undefined, ...over };
}

describe('is the new model up', () => {
  const edit = { rolloutId: id, applied: now.getTime() - 30_000, revisionBefore: 'auto-mpg-00001' };
  const { revisions } = up;
  const standard = {
    ...up,
    mode: 'standard',
    revisions: { ...revisions, created: undefined, ready: undefined, traffic: [], createdStamp: undefined },
    deployment: { stamp: id, upToDate: true, replicas: 2, updated: 2, available: 2, failure: undefined },
  } as const;
  const { deployment } = standard;

  test.each<[string, InferenceService, string]>([
    ['everything agrees', up, 'ready'],
    [
      'no new revision yet, Ready still True',
      { ...up, revisions: { ...revisions, created: 'auto-mpg-00001', createdStamp: undefined } },
      'progressing',
    ],
    [
      'a newer revision that is not of our edit',
      { ...up, revisions: { ...revisions, createdStamp: 'other' } },
      'progressing',
    ],
    ['created, not ready', { ...up, revisions: { ...revisions, ready: 'auto-mpg-00001' } }, 'progressing'],
    [
      'both targets still show the old revision',
      {
        ...up,
        revisions: { ...revisions, traffic: [{ revision: 'auto-mpg-00001', latest: true, percent: 100 }] },
      },
      'progressing',
    ],
    [
      'traffic is split',
      {
        ...up,
        revisions: {
          ...revisions,
          traffic: [
            { revision: 'auto-mpg-00002', latest: true, percent: 10 },
            { revision: 'auto-mpg-00001', latest: false, percent: 90 },
          ],
        },
      },
      'progressing',
    ],
    ['Ready flips to Unknown', { ...up, ready: undefined }, 'progressing'],
    ['the revision failed', { ...up, revisions: { ...revisions, createdFailure: 'ExitCode1' } }, 'failing'],
    [
      'blocked, about our revision',
      { ...up, transition: 'BlockedByFailedLoad', lastFailure: failure({ revision: 'auto-mpg-00002' }) },
      'failing',
    ],
    [
      'blocked, about the revision before',
      { ...up, transition: 'BlockedByFailedLoad', lastFailure: failure({ revision: 'auto-mpg-00001' }) },
      'ready',
    ],
    ['an old failure that was not cleared', { ...up, lastFailure: failure({ at: ago(3_600_000) }) }, 'ready'],
    [
      'invalid since our edit',
      {
        ...up,
        transition: 'InvalidSpec',
        lastFailure: failure({ at: ago(1000) }),
        revisions: { ...revisions, createdStamp: undefined },
      },
      'failing',
    ],
    ['Standard: everything agrees', standard, 'ready'],
    [
      'Standard: Ready stays True although nothing rolled',
      { ...standard, deployment: { ...deployment, stamp: 'old' } },
      'progressing',
    ],
    [
      'Standard: the Deployment lags behind',
      { ...standard, deployment: { ...deployment, upToDate: false } },
      'progressing',
    ],
    [
      'Standard: half of the replicas',
      { ...standard, deployment: { ...deployment, updated: 1 } },
      'progressing',
    ],
    [
      'Standard: an old pod still runs',
      { ...standard, deployment: { ...deployment, replicas: 3 } },
      'progressing',
    ],
    [
      'Standard: no replica at all',
      { ...standard, deployment: { ...deployment, replicas: 0, updated: 0, available: 0 } },
      'progressing',
    ],
    [
      'Standard: deadline of the Deployment',
      { ...standard, deployment: { ...deployment, failure: 'ProgressDeadlineExceeded' } },
      'failed',
    ],
    ['Standard: the model still loads', { ...standard, targetModelState: 'Loading' }, 'progressing'],
    ['ModelMesh: loaded', { ...up, mode: 'modelmesh' }, 'ready'],
    ['ModelMesh: loading', { ...up, mode: 'modelmesh', targetModelState: 'Loading' }, 'progressing'],
    [
      'a new service that says nothing yet',
      { ...up, mode: 'unknown', revisions: { ...revisions, created: undefined } },
      'progressing',
    ],
  ])('%s', (_what, service, kind) => {
    expect(rolloutState(service, edit).kind).toBe(kind);
  });
});
