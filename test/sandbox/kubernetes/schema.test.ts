import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { builtInInferenceService } from '../../../src/sandbox/kubernetes/schema/built-in.ts';
import { checkResource } from '../../../src/sandbox/kubernetes/schema/admit.ts';
import { checkStructure, schemaOf } from '../../../src/sandbox/kubernetes/schema/structural.ts';
import { inferenceService, merge, services, startCluster } from './cluster.ts';

const file = fileURLToPath(
  new URL(
    '../../../../shared/contracts/kserve/crd/serving.kserve.io_inferenceservices.yaml',
    import.meta.url,
  ),
);
const official = existsSync(file) ? parsed(file) : undefined;

function parsed(path: string): JsonObject {
  const document: unknown = load(readFileSync(path, 'utf8'));
  if (!isObject(document)) throw new Error(`${path} holds no object`);
  return document;
}

describe('a structural schema', () => {
  const schema: JsonObject = {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, pattern: '^[a-z]+$' },
      mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
      count: { type: 'integer', maximum: 3 },
      port: { 'x-kubernetes-int-or-string': true },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      items: { type: 'array', items: { type: 'object', properties: { id: { type: 'number' } } } },
      nothing: { type: 'string', nullable: true },
    },
  };

  test('prunes what it does not know, fills defaults and keeps what it must not look into', () => {
    const value = { name: 'x', extra: 1, free: { any: [1] }, items: [{ id: 1.5, more: 2 }], nothing: null };
    expect(checkStructure(schema, value)).toEqual({
      value: { name: 'x', mode: 'a', free: { any: [1] }, items: [{ id: 1.5 }], nothing: null },
      unknown: ['extra', 'items[0].more'],
      causes: [],
    });
  });

  test.each([
    [{}, 'name', 'FieldValueRequired'],
    [{ name: 1 }, 'name', 'FieldValueTypeInvalid'],
    [{ name: 'X' }, 'name', 'FieldValueInvalid'],
    [{ name: null }, 'name', 'FieldValueTypeInvalid'],
    [{ name: 'x', mode: 'c' }, 'mode', 'FieldValueNotSupported'],
    [{ name: 'x', count: 1.5 }, 'count', 'FieldValueTypeInvalid'],
    [{ name: 'x', count: 4 }, 'count', 'FieldValueInvalid'],
    [{ name: 'x', port: true }, 'port', 'FieldValueTypeInvalid'],
    [{ name: 'x', labels: { a: 1 } }, 'labels.a', 'FieldValueTypeInvalid'],
    [{ name: 'x', items: {} }, 'items', 'FieldValueTypeInvalid'],
    [{ name: 'x', items: [{ id: 'one' }] }, 'items[0].id', 'FieldValueTypeInvalid'],
  ] as const)('%j is wrong at %s', (value, field, reason) => {
    const { causes } = checkStructure(schema, value);
    expect(causes.map((cause) => [cause.field, cause.reason])).toContainEqual([field, reason]);
  });
});

const crds: readonly (readonly [string, JsonObject | undefined])[] = [
  ['built in', builtInInferenceService],
  ['official', official],
];

describe.each(crds)('the %s schema of InferenceService', (_name, crd) => {
  const skip = crd === undefined;

  test('takes what the stories write, unchanged but for defaults', { skip }, () => {
    const schema = schemaOf(crd ?? {}, 'v1beta1');
    const predictor = { canaryTrafficPercent: 10, annotations: { a: 'b' }, serviceAccountName: 'models' };
    const { unknown, causes } = checkResource(schema, inferenceService('s3://models/a/', { predictor }));
    expect({ unknown, causes }).toEqual({ unknown: [], causes: [] });
  });

  test('takes the status that the controllers write, in both modes', { skip }, async () => {
    for (const knative of [true, false]) {
      const cluster = await startCluster({ knative });
      await cluster.call('POST', services, inferenceService('s3://models/a/'));
      for (const failLoad of [undefined, 'no model file']) {
        cluster.script('ml', 'mpg', { failLoad });
        const patch = { spec: { predictor: { model: { storageUri: `s3://models/${failLoad}/` } } } };
        await cluster.call('PATCH', `${services}/mpg`, patch, merge);
        await cluster.pass(10_000);
        expect(cluster.service()['status']).toBeDefined();
        const { unknown, causes } = checkResource(schemaOf(crd ?? {}, 'v1beta1'), cluster.service());
        expect({ unknown, causes }).toEqual({ unknown: [], causes: [] });
      }
      await cluster.close();
    }
  });

  test(
    'unknown fields are dropped with a warning, or refused when validation is strict',
    { skip },
    async () => {
      const cluster = await startCluster({ crds: { inferenceservices: crd ?? {} } });
      const body = inferenceService('s3://models/a/', { predictor: { storageURI: 'x' } });
      const strict = await cluster.call('POST', `${services}?fieldValidation=Strict`, body);
      expect([strict.status, strict.body['message']]).toEqual([
        400,
        expect.stringContaining('strict decoding error: unknown field "spec.predictor.storageURI"'),
      ]);
      const lax = await cluster.call('POST', services, body);
      expect([lax.status, lax.body['spec'].predictor.storageURI]).toEqual([201, undefined]);
      expect(lax.headers.get('warning')).toContain('unknown field');
      const patched = await cluster.call(
        'PATCH',
        `${services}/mpg?fieldValidation=Strict`,
        { spec: { nope: 1 } },
        merge,
      );
      expect([patched.status, patched.body['reason']]).toEqual([422, 'Invalid']);
      await cluster.close();
    },
  );

  test('wrong types and webhook refusals', { skip }, async () => {
    const cluster = await startCluster({ crds: { inferenceservices: crd ?? {} } });
    const post = async (predictor: JsonObject): Promise<readonly unknown[]> => {
      const { status, body } = await cluster.call(
        'POST',
        services,
        inferenceService('s3://m/a/', { predictor }),
      );
      return [status, body['message']];
    };
    expect(await post({ minReplicas: 'two' })).toEqual([
      422,
      'InferenceService.serving.kserve.io "mpg" is invalid: spec.predictor.minReplicas: Invalid value: "string": spec.predictor.minReplicas in body must be of type integer: "string"',
    ]);
    expect(await post({ canaryTrafficPercent: 101 })).toEqual([
      403,
      expect.stringContaining('denied the request'),
    ]);
    expect(await post({ minReplicas: 3, maxReplicas: 2 })).toEqual([
      403,
      expect.stringContaining('MaxReplicas'),
    ]);
    expect(await post({ containers: [{ name: 'kserve-container' }] })).toEqual([
      403,
      expect.stringContaining('exactly one'),
    ]);
    await cluster.close();
  });
});
