import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Pipelines } from '../../src/ports/pipelines.ts';
import type { Serving } from '../../src/ports/serving.ts';
import { makeStep } from '../../src/release/step.ts';
import type { ReleaseWorld } from '../../src/release/world.ts';
import { createKeptLog } from '../support/log.ts';
import { createMemoryReleases } from '../support/memory-releases.ts';
import { ago, now, sampleLine, sampleRelease, timing } from './sample.ts';

/** The part of something that a step of these tests uses. */
function only<Whole>(part: Partial<Whole>): Whole {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is missing throws where it is used
  return part as Whole;
}

/** Kubeflow that has no run, and answers this to who asks for one. */
function worldWith(createRun: Pipelines['createRun']): ReleaseWorld {
  return only<ReleaseWorld>({
    pipelines: only<Pipelines>({
      experiment: async () => 'e1',
      findRun: async () => undefined,
      createRun,
    }),
    environment: {
      name: 'prod',
      serves: () => true,
      names: () => false,
      releasesPerDay: 10,
      trains: true,
      publish: 's3://models/',
      handover: 's3://models/handover/',
      mayChange: undefined,
    },
    timing,
    clock: { now: () => now, sleep: async () => undefined, after: () => () => undefined },
    permit: async () => undefined,
  });
}

test('an effect that is refused for good — the release ends with the reason, in the same step', async () => {
  const releases = createMemoryReleases();
  const release = await releases.saveRelease(sampleRelease({ phase: 'train' }));
  const world = worldWith(async () => {
    throw new UserError('kubeflow-refused', 'Kubeflow answered 400: no such parameter', 'Correct it.');
  });

  const { log } = createKeptLog();
  await makeStep(release, sampleLine(), { releases, world, log }, new AbortController().signal);

  expect(await releases.loadRelease(release.id)).toMatchObject({
    outcome: 'failed',
    reason: 'Kubeflow answered 400: no such parameter. Correct it.',
  });
});

test('a refusal while the new model may serve already — held, not given up: nothing has proven it', async () => {
  const releases = createMemoryReleases();
  const rollout = {
    rolloutId: 'r',
    service: 'auto-mpg',
    before: 'nothing',
    revisionBefore: undefined,
    applied: ago(60_000),
    readySince: undefined,
    failingSince: undefined,
    revision: undefined,
    url: undefined,
  } as const;
  const release = await releases.saveRelease(sampleRelease({ phase: 'smoke', rollout }));
  const serving = only<Serving>({
    read: async () => {
      throw new UserError('cluster-refused', 'the cluster answered 400', 'Read the reason.');
    },
  });
  const world = { ...worldWith(async () => undefined), serving };

  const { log } = createKeptLog();
  await makeStep(release, sampleLine(), { releases, world, log }, new AbortController().signal);

  expect(await releases.loadRelease(release.id)).toMatchObject({
    outcome: undefined,
    hold: { reason: 'the cluster answered 400' },
  });
});

test('an effect that was begun a moment ago and is not seen — looked for a little later, not repeated at once', async () => {
  const releases = createMemoryReleases();
  const intents = { 'create-run': ago(timing.lostAnswerMs + 1) };
  const release = await releases.saveRelease(sampleRelease({ phase: 'train', intents }));
  let created = 0;
  const world = worldWith(async () => void (created += 1));

  const { log } = createKeptLog();
  const deps = { releases, world: { ...world, timing: { ...timing, lostAnswerMs: 0 } }, log };
  const { signal } = new AbortController();
  const first = await makeStep(release, sampleLine(), deps, signal);
  const second = await makeStep(first.release, sampleLine(), deps, signal);

  expect([first.again, second.again, created]).toEqual([true, false, 1]);
});
