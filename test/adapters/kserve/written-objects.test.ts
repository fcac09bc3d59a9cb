import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isObject, listAt, valueAt } from '../../../src/adapters/kserve/json.ts';
import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import type { JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { hasFullCrd, readFullCrd } from './full-crd.ts';
import { createSandboxWorld, type SandboxWorld } from './sandbox-world.ts';
import { never } from './kserve-world.ts';

describe.skipIf(!hasFullCrd)('what is written (skipped without ../shared/contracts)', () => {
  let world: SandboxWorld;
  let schema: unknown;

  beforeAll(async () => {
    const crd = readFullCrd();
    const config: KubernetesConfig = { crds: { inferenceservices: crd } };
    schema = firstSchema(crd);
    world = await createSandboxWorld(config, () => ({ serviceAccount: 'models-reader' }));
  }, 60_000);
  afterAll(() => world?.close());

  test.each([
    ['all there is', { format: 'sklearn', canaryTrafficPercent: 10, rolloutId: 'r-1' }, 'v2'],
    [
      'as little as there can be',
      { format: 'onnx', canaryTrafficPercent: undefined, rolloutId: undefined },
      undefined,
    ],
  ] as const)('%s — fits the schema of KServe', async (_name, given, protocol) => {
    const service = world.fresh();
    const model = { storageUri: 's3://models/auto-mpg/aa/', ...given };
    world.sandbox.forgetRequests();
    expect(await world.serving.create({ service, model, protocol }, never)).toBe('written');
    await world.bringUp(service);
    const seen = await world.serving.read(service, never);
    const after = {
      ...model,
      storageUri: 's3://models/auto-mpg/bb/',
      canaryTrafficPercent: 0,
      rolloutId: 'r-2',
    };
    const { resourceVersion = '' } = seen ?? {};
    const wanted = { service, resourceVersion, model: after, before: model };
    expect(await world.serving.replace(wanted, never)).toBe('written');

    const bodies = world.sandbox.requests.map(({ body }) => body).filter(isObject);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(problemsOf(body)).toEqual([]);
    expect(await world.stored(service)).toMatchObject({
      spec: { predictor: { canaryTrafficPercent: 0, annotations: { 'modelgate.dev/release': 'r-2' } } },
    });
  });

  test('a field that KServe does not know, and a wrong type — are found by this test', () => {
    const predictor = { model: { modelFormat: { name: 7 } }, canary: 1 };
    const metadata = { annotations: { 'modelgate.dev/before': { v: 1 } } };
    expect(problemsOf({ metadata, spec: { predictor } })).toHaveLength(3);
  });

  function problemsOf(body: Readonly<Record<string, unknown>>): readonly unknown[] {
    const { metadata, ...content } = body;
    const validate = new Ajv({ strict: false, allErrors: true }).compile(closed(schema, content));
    validate(content);
    const annotations = Object.entries(valueAt(metadata, 'annotations') ?? {});
    // The schema leaves metadata to the API server: annotations are texts there, and null removes one.
    const odd = annotations.filter(([, value]) => typeof value !== 'string' && value !== null);
    return [...(validate.errors ?? []), ...odd];
  }
});

function firstSchema(crd: JsonObject): unknown {
  const [version] = listAt(crd, 'spec', 'versions');
  return valueAt(version, 'schema', 'openAPIV3Schema');
}

/** The part of a schema that is about what is there, closed to anything else: all of it takes long to compile. */
function closed(schema: unknown, value: unknown): Record<string, unknown> {
  if (!isObject(schema)) return {};
  const { properties, format: _none, required: _whole, ...rest } = schema;
  if (!isObject(properties) || !isObject(value)) return rest;
  const known = Object.entries(properties).filter(([key]) => Object.hasOwn(value, key));
  return {
    ...rest,
    // A patch says only what changes.
    properties: Object.fromEntries(known.map(([key, inner]) => [key, closed(inner, value[key])])),
    additionalProperties: false,
  };
}
