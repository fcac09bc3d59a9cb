import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Pipelines } from '../../src/ports/pipelines.ts';
import { makeStep } from '../../src/release/step.ts';
import type { ReleaseWorld } from '../../src/release/world.ts';
import { createKeptLog } from '../support/log.ts';
import { createMemoryReleases } from '../support/memory-releases.ts';
import { now, sampleLine, sampleRelease, timing } from './sample.ts';

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
