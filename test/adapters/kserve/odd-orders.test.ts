import { afterEach, describe, expect, test } from 'vitest';
import { RetryableError } from '../../../src/errors.ts';
import type { ServedModel } from '../../../src/domain/rollout.ts';
import type { InferenceService } from '../../../src/ports/serving.ts';
import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import { createSandboxWorld, type SandboxWorld } from './sandbox-world.ts';
import { never, thrownBy } from './kserve-world.ts';

const service = 'auto-mpg';
const modelA: ServedModel = {
  storageUri: 's3://models/auto-mpg/aa/',
  format: 'sklearn',
  canaryTrafficPercent: undefined,
  rolloutId: 'release-a',
};
const modelB: ServedModel = { ...modelA, storageUri: 's3://models/auto-mpg/bb/', rolloutId: 'release-b' };

let world: SandboxWorld | undefined;
afterEach(() => world?.close());

/** A cluster where model A is in service and an edit to model B has just been written. */
async function afterEdit(config: KubernetesConfig, edit: ServedModel = modelB): Promise<SandboxWorld> {
  const opened = await createSandboxWorld(config);
  world = opened;
  await opened.serving.create({ service, model: modelA, protocol: undefined }, never);
  await opened.bringUp(service);
  const { resourceVersion } = await see(opened);
  expect(await opened.serving.replace({ service, resourceVersion, model: edit, before: modelA }, never)).toBe(
    'written',
  );
  return opened;
}

async function see({ serving }: SandboxWorld): Promise<InferenceService> {
  const seen = await serving.read(service, never);
  if (seen === undefined) throw new Error('it is gone');
  return seen;
}

const standard = { knative: false } as const;
const one = 'auto-mpg-predictor-00001';
const two = 'auto-mpg-predictor-00002';

describe('Knative', () => {
  test('an edit that nobody has seen yet — everything still agrees on the model before it', async () => {
    const seen = await see(await afterEdit({}));
    expect(seen).toMatchObject({ ready: true, transition: 'UpToDate', model: modelB });
    expect(seen.revisions).toMatchObject({ created: one, ready: one, createdStamp: 'release-a' });
  });

  test('the new revision is on its way — its stamp is ours, both targets show the old one', async () => {
    const cluster = await afterEdit({}, { ...modelB, canaryTrafficPercent: 10 });
    await cluster.pass(2_000);
    const { revisions, ready } = await see(cluster);
    expect(ready).toBeUndefined();
    expect(revisions).toMatchObject({ created: two, ready: one, rolledOut: one, createdStamp: 'release-b' });
    expect(revisions.traffic).toEqual([
      { revision: one, latest: true, percent: 10 },
      { revision: one, latest: false, percent: 90 },
    ]);
  });

  test('a pod that is never ready — the deadline is told of the created revision', async () => {
    const cluster = await afterEdit({});
    cluster.sandbox.script('serving', service, { never: true, progressDeadlineMs: 30_000 });
    await cluster.pass(60_000);
    expect(await see(cluster)).toMatchObject({
      ready: false,
      revisions: {
        created: two,
        ready: one,
        createdStamp: 'release-b',
        createdFailure: 'ProgressDeadlineExceeded: Initial scale was never achieved',
      },
    });
  });

  test('a release that tells more of failures — revision and time are read', async () => {
    const cluster = await afterEdit({ failureDetails: true });
    await cluster.breakDown(service, 'no model');
    expect((await see(cluster)).lastFailure).toEqual({
      reason: 'ModelLoadFailed',
      message: expect.stringContaining('no model'),
      revision: two,
      at: expect.stringMatching(/^2026-05-04T10:/),
    });
  });

  test('Ready that turns Unknown once more — is unknown, while the revisions stay', async () => {
    const cluster = await afterEdit({});
    cluster.sandbox.script('serving', service, { blip: { afterMs: 10_000, forMs: 5_000 } });
    const told: unknown[] = [];
    for (const ms of [10_000, 8_000, 10_000]) {
      await cluster.pass(ms);
      const { ready, revisions } = await see(cluster);
      told.push([ready, revisions.ready]);
    }
    expect(told).toEqual([
      [true, two],
      [undefined, two],
      [true, two],
    ]);
  });

  test('a format that no runtime supports — is InvalidSpec', async () => {
    const cluster = await afterEdit({ formats: ['sklearn'] }, { ...modelB, format: 'cobol' });
    await cluster.pass(60_000);
    expect(await see(cluster)).toMatchObject({
      transition: 'InvalidSpec',
      lastFailure: { reason: 'NoSupportingRuntime', message: expect.stringContaining('cobol') },
      revisions: { created: one },
    });
  });
});

describe('Standard', () => {
  test('Ready stays while nothing has rolled — the Deployment tells the truth', async () => {
    const cluster = await afterEdit({ ...standard, knobs: { staleReady: true, trafficMs: 2_000 } });
    const steps: unknown[] = [];
    for (const ms of [0, 1_500, 2_000, 60_000]) {
      await cluster.pass(ms);
      const { ready, deployment } = await see(cluster);
      steps.push([ready, deployment?.stamp, deployment?.upToDate, deployment?.replicas, deployment?.updated]);
    }
    expect(steps).toEqual([
      [true, 'release-a', true, 1, 1],
      [true, 'release-b', false, 1, 1],
      [true, 'release-b', true, 2, 1],
      [true, 'release-b', true, 1, 1],
    ]);
  });

  test('a pod that is never ready — the deadline is told of the Deployment', async () => {
    const cluster = await afterEdit(standard);
    cluster.sandbox.script('serving', service, { never: true, progressDeadlineMs: 30_000 });
    await cluster.pass(60_000);
    expect((await see(cluster)).deployment).toMatchObject({
      stamp: 'release-b',
      upToDate: true,
      failure: expect.stringMatching(
        /^ProgressDeadlineExceeded: ReplicaSet ".+" has timed out progressing\.$/,
      ),
    });
  });
});

describe('an answer that is lost', () => {
  const lose = (verb: string): void =>
    void world?.sandbox.fail({ when: (request) => request.verb === verb, fault: { kind: 'lost' }, times: 1 });

  test('of a patch — trying again is a conflict, and reading shows our stamp', async () => {
    const cluster = await afterEdit({}, modelA);
    const { resourceVersion } = await see(cluster);
    const wanted = { service, resourceVersion, model: modelB, before: modelA };
    lose('patch');
    expect(await thrownBy(cluster.serving.replace(wanted, never))).toBeInstanceOf(RetryableError);
    expect(await cluster.serving.replace(wanted, never)).toBe('conflict');
    expect((await see(cluster)).model).toEqual(modelB);
  });

  test('of a creation — trying again is a conflict, and reading shows our stamp', async () => {
    world = await createSandboxWorld();
    lose('create');
    const wanted = { service, model: modelA, protocol: undefined };
    expect(await thrownBy(world.serving.create(wanted, never))).toBeInstanceOf(RetryableError);
    expect(await world.serving.create(wanted, never)).toBe('conflict');
    expect((await see(world)).model).toEqual(modelA);
  });

  test('of a removal — trying again finds it done', async () => {
    const cluster = await afterEdit({});
    const { resourceVersion } = await see(cluster);
    lose('delete');
    expect(await thrownBy(cluster.serving.remove({ service, resourceVersion }, never))).toBeInstanceOf(
      RetryableError,
    );
    expect(await cluster.serving.remove({ service, resourceVersion }, never)).toBe('written');
  });
});
