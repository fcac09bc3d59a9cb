import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AbortError, RetryableError, UserError } from '../../../src/errors.ts';
import { gitopsOwner } from '../../../src/adapters/kserve/gitops-owner.ts';
import { normalise } from '../../../src/adapters/kserve/normalise.ts';
import { json, never, withScript } from './kserve-world.ts';
import { deployment, inferenceService, revision, condition } from './objects.ts';

const whole = inferenceService({
  metadata: {
    labels: { 'argocd.argoproj.io/instance': 'a' },
    annotations: { 'argocd.argoproj.io/tracking-id': 'a:b:c' },
    managedFields: [{ manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:predictor': {} } } }],
  },
  status: {
    conditions: [condition('Ready', 'False', { message: 'no' })],
    url: 'http://auto-mpg.example.com',
    deploymentMode: 'Knative',
    modelStatus: { transitionStatus: 'UpToDate', states: {}, lastFailureInfo: { reason: 'x', time: 'y' } },
    components: {
      predictor: { latestCreatedRevision: 'p-1', traffic: [{ percent: 100, latestRevision: true }] },
    },
  },
});

/** A JSON value with one of its parts, at any depth, replaced by any JSON. */
function disturbed(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(value);
  return fc
    .tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }))
    .map(([path, other]) => put(value, path, other));
}

function pathsOf(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [key, ...path])),
  ];
}

function put(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return other;
  const inner = put(Object.entries(value).find(([name]) => name === key)?.[1], rest, other);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}

const ours = (thrown: unknown): boolean =>
  thrown instanceof UserError || thrown instanceof RetryableError || thrown instanceof AbortError;

test('any JSON — in the place of any part — is read without a throw', () => {
  const one = fc.oneof(fc.jsonValue(), disturbed(whole));
  const other = fc.oneof(fc.jsonValue(), disturbed(deployment()), disturbed(revision('p-1', [])));
  fc.assert(
    fc.property(one, other, other, (service, revisionSeen, deploymentSeen) => {
      const seen = normalise({ service, revision: revisionSeen, deployment: deploymentSeen, complaints: [] });
      const owner = gitopsOwner(service);
      expect(['string', 'undefined']).toContain(typeof owner);
      expect(seen.complaints.every((complaint) => typeof complaint === 'string')).toBe(true);
      expect(seen.revisions.traffic.every(({ percent }) => Number.isSafeInteger(percent))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('any answer of any status — to any call — is a value or one of the three throwables', async () => {
  const status = fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503);
  const answer = fc.oneof(
    fc.tuple(status, fc.oneof(fc.jsonValue(), disturbed(whole))).map(([code, body]) => json(body, code)),
    fc.tuple(status, fc.string()).map(([code, body]) => ({ status: code, body })),
  );
  const model = { storageUri: 's3://m/', format: 'sklearn', canaryTrafficPercent: 10, rolloutId: 'r' };
  const service = 'auto-mpg';
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 3 }), async (script) => {
      await withScript(script, async ({ serving, url }) => {
        const calls = [
          () => serving.read(service, never),
          () => serving.create({ service, model, protocol: 'v1' }, never),
          () => serving.replace({ service, resourceVersion: '4711', model, before: model }, never),
          () => serving.remove({ service, resourceVersion: '4711' }, never),
          () => serving.predict({ service, url, protocol: 'v1', body: {} }, never),
        ];
        for (const call of calls) {
          const thrown: unknown = await call().then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(thrown === undefined || ours(thrown)).toBe(true);
        }
      });
    }),
    { numRuns: 60 },
  );
});
