import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { inferenceService, merge, predictorPatch, services, startCluster } from './cluster.ts';

interface Step {
  readonly after: number;
  readonly storageUri: string;
  readonly percent: number | null;
  readonly failLoad: boolean;
}

const step = fc.record({
  after: fc.integer({ min: 0, max: 12_000 }),
  storageUri: fc.constantFrom('s3://models/a/', 's3://models/b/', 's3://models/c/'),
  percent: fc.option(fc.integer({ min: 0, max: 100 })),
  failLoad: fc.boolean(),
});

/** Plays the steps and answers the state at their end; in between somebody looks every `every` milliseconds. */
async function play(steps: readonly Step[], knative: boolean, every: number): Promise<unknown> {
  const cluster = await startCluster({ knative });
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
  for (const { after, storageUri, percent, failLoad } of steps) {
    await wait(after);
    cluster.script('ml', 'mpg', failLoad ? { failLoad: 'broken' } : {});
    const predictor: JsonObject = {
      model: { storageUri },
      ...(knative ? { canaryTrafficPercent: percent } : {}),
    };
    await cluster.call('PATCH', `${services}/mpg`, predictorPatch(predictor), merge);
  }
  await wait(20_000);
  const kinds = ['inferenceservices', 'revisions', 'deployments', 'pods', 'services'];
  const state = JSON.stringify(kinds.map((kind) => cluster.list(kind))).replaceAll(
    cluster.gatewayUrl,
    'gateway',
  );
  await cluster.close();
  return JSON.parse(state);

  async function wait(ms: number): Promise<void> {
    let left = ms;
    for (; left > every; left -= every) await cluster.pass(every);
    await cluster.pass(left);
  }
}

test.each([true, false])('what happens does not depend on who looks when (Knative: %s)', async (knative) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 4 }), async (steps) => {
      expect(await play(steps, knative, 700)).toEqual(await play(steps, knative, 100_000));
    }),
    { numRuns: 25 },
  );
});
