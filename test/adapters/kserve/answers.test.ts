import { describe, expect, test } from 'vitest';
import { AbortError, RetryableError, UserError } from '../../../src/errors.ts';
import type { ServedModel } from '../../../src/domain/rollout.ts';
import type { Serving } from '../../../src/ports/serving.ts';
import type { ScriptedAnswer } from '../../support/scripted-server.ts';
import { failure, json, never, openServing, thrownBy, withScript } from './kserve-world.ts';
import { condition, deployment, inferenceService, revision } from './objects.ts';

const service = 'auto-mpg';
const about = { name: service, group: 'serving.kserve.io', kind: 'inferenceservices' };
const model = {
  storageUri: 's3://models/auto-mpg/bb/',
  format: 'sklearn',
  canaryTrafficPercent: undefined,
  rolloutId: 'r-2',
};
const asked = {
  read: (serving: Serving) => serving.read(service, never),
  create: (serving: Serving) => serving.create({ service, model, protocol: undefined }, never),
  replace: (serving: Serving) =>
    serving.replace({ service, resourceVersion: '4711', model, before: undefined }, never),
  remove: (serving: Serving) => serving.remove({ service, resourceVersion: '4711' }, never),
};
type Call = keyof typeof asked;
const forbidden = failure(
  403,
  'Forbidden',
  'User "system:serviceaccount:ml:modelgate" cannot do that',
  about,
);
const webhook = (code: number) =>
  failure(
    code,
    'Forbidden',
    'admission webhook "inferenceservice.kserve-webhook-server.validator" denied the request: no',
  );

async function answerOf(call: Call, script: readonly ScriptedAnswer[]): Promise<unknown> {
  let came: unknown;
  await withScript(script, async ({ serving }) => {
    came = await asked[call](serving).catch((thrown: unknown) => thrown);
  });
  return came;
}

describe('what only people can repair', () => {
  test.each<[string, Call, ScriptedAnswer, string, RegExp, RegExp]>([
    [
      '401',
      'read',
      failure(401, 'Unauthorized', 'Unauthorized'),
      'cluster-unauthorised',
      /401 to get inferenceservices/,
      /credentials that the cluster accepts/,
    ],
    [
      '403 of the authoriser',
      'read',
      forbidden,
      'cluster-unauthorised',
      /403 to get inferenceservices\.serving\.kserve\.io auto-mpg in the namespace serving/,
      /apiGroups: \["serving\.kserve\.io"\], resources: \["inferenceservices"\], verbs: \["get"\]/,
    ],
    [
      '403 when creating',
      'create',
      forbidden,
      'cluster-unauthorised',
      /403 to create/,
      /verbs: \["create"\]/,
    ],
    [
      '403 when removing',
      'remove',
      forbidden,
      'cluster-unauthorised',
      /403 to delete/,
      /verbs: \["delete"\]/,
    ],
    [
      '403 of a proxy',
      'create',
      { status: 403, body: '<html>' },
      'cluster-unauthorised',
      /403 to create/,
      /Role/,
    ],
    ['403 of a webhook', 'create', webhook(403), 'cluster-refused', /denied the request: no/, /reason/],
    ['400 of a webhook', 'create', webhook(400), 'cluster-refused', /denied the request: no/, /reason/],
    [
      '422 of the schema',
      'create',
      failure(422, 'Invalid', 'spec.predictor.minReplicas: Invalid value', about),
      'cluster-refused',
      /minReplicas/,
      /reason/,
    ],
    [
      'no such namespace',
      'create',
      failure(404, 'NotFound', 'namespaces "serving" not found', { name: 'serving', kind: 'namespaces' }),
      'cluster-refused',
      /namespaces "serving" not found/,
      /reason/,
    ],
    [
      'no such kind',
      'read',
      { status: 404, body: '404 page not found\n' },
      'kserve-missing',
      /no InferenceServices/,
      /Install KServe/,
    ],
    [
      'no such version of the kind',
      'create',
      failure(404, 'NotFound', 'the server could not find the requested resource', {}),
      'kserve-missing',
      /prod/,
      /Install/,
    ],
    [
      'a redirect to a login',
      'read',
      { status: 302, headers: { location: 'https://login.example.com' } },
      'cluster-refused',
      /302/,
      /that of its API server/,
    ],
  ])('%s', async (_name, call, answer, code, message, remedy) => {
    const thrown = await answerOf(call, [answer]);

    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown).toMatchObject({
      code,
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(remedy),
    });
  });

  test('403 when patching — names patch', async () => {
    expect(await answerOf('replace', [json(inferenceService()), forbidden])).toMatchObject({
      code: 'cluster-unauthorised',
      remedy: expect.stringContaining('verbs: ["patch"]'),
    });
  });

  test('a server that repeats the token — the message does not', async () => {
    const thrown = await answerOf('create', [failure(400, 'BadRequest', 'bad token "secret-token"')]);
    expect(thrown).toMatchObject({ message: expect.stringContaining('bad token "***"') });
  });

  test.each(['mpg', 'auto-', 'auto-/../secrets', 'auto-mpg?watch=1', '..', 'auto-MPG', ''])(
    'the name %j — is not allowed — is refused before any request',
    async (name) => {
      await withScript([json({})], async ({ serving, seen }) => {
        const wanted = {
          service: name,
          resourceVersion: '1',
          model,
          before: undefined,
          protocol: 'v1',
          url: 'http://x',
          body: 0,
        } as const;
        const refused = { code: 'service-not-bound', remedy: expect.stringContaining('kserve.services') };
        expect(await thrownBy(serving.read(name, never))).toMatchObject(refused);
        expect(await thrownBy(serving.create(wanted, never))).toMatchObject(refused);
        expect(await thrownBy(serving.replace(wanted, never))).toMatchObject(refused);
        expect(await thrownBy(serving.remove(wanted, never))).toMatchObject(refused);
        expect(await thrownBy(serving.predict(wanted, never))).toMatchObject(refused);
        expect(seen).toEqual([]);
      });
    },
  );
});

describe('what a later try may answer', () => {
  const soon = { 'retry-after': '7' };
  test.each<[string, Call, ScriptedAnswer, RegExp, number | undefined]>([
    ['429', 'read', json({}, 429, soon), /429/, 7000],
    [
      '429 that says it in its details',
      'read',
      failure(429, 'TooManyRequests', 'busy', { retryAfterSeconds: 3 }),
      /busy/,
      3000,
    ],
    ['500', 'read', failure(500, 'InternalError', 'etcdserver: request timed out'), /etcdserver/, undefined],
    [
      '500 of a webhook that is away',
      'create',
      failure(500, 'InternalError', 'failed calling webhook'),
      /failed calling webhook/,
      undefined,
    ],
    ['503', 'create', json({}, 503, soon), /503/, 7000],
    ['504', 'remove', failure(504, 'Timeout', 'later'), /504/, undefined],
    ['409 to a question', 'read', failure(409, 'Conflict', 'odd'), /409/, undefined],
    ['a dropped connection', 'create', 'drop', /dropped the connection/, undefined],
    ['no answer', 'read', 'hang', /did not answer in time/, undefined],
    ['a page instead of JSON', 'read', { status: 200, body: '<html>login</html>' }, /no JSON/, undefined],
    [
      'another object',
      'read',
      json({ kind: 'Pod', metadata: { name: 'x', resourceVersion: '1' } }),
      /something else/,
      undefined,
    ],
    ['an object without version', 'read', json({ metadata: { name: service } }), /something else/, undefined],
  ])('%s', async (_name, call, answer, message, retryAfter) => {
    const thrown = await answerOf(call, [answer]);

    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ message: expect.stringMatching(message), retryAfter });
  });

  test('a failing cluster — is asked once', async () => {
    await withScript([json({}, 503)], async ({ serving, seen }) => {
      expect(await thrownBy(serving.read(service, never))).toBeInstanceOf(RetryableError);
      expect(seen).toHaveLength(1);
    });
  });
});

describe('conflicts and absence', () => {
  const gone = failure(404, 'NotFound', 'not found', about);
  const conflict = failure(409, 'Conflict', 'the object has been modified', about);
  const ours = json(inferenceService());
  const newer = json(inferenceService({ metadata: { resourceVersion: '4712' } }));

  test.each<[string, Call, readonly ScriptedAnswer[], string | undefined]>([
    ['reading what is not there', 'read', [gone], undefined],
    ['creating what is there', 'create', [failure(409, 'AlreadyExists', 'exists', about)], 'conflict'],
    ['created', 'create', [json(inferenceService(), 201)], 'written'],
    ['replacing what somebody wrote meanwhile', 'replace', [newer], 'conflict'],
    ['replacing what somebody writes at this moment', 'replace', [ours, conflict], 'conflict'],
    ['replacing what is gone', 'replace', [gone], 'conflict'],
    ['replacing what goes at this moment', 'replace', [ours, gone], 'conflict'],
    ['replaced', 'replace', [ours, json(inferenceService())], 'written'],
    ['removing what somebody wrote meanwhile', 'remove', [conflict], 'conflict'],
    ['removing what is gone', 'remove', [gone], 'written'],
    ['removed', 'remove', [json({ kind: 'Status', status: 'Success' })], 'written'],
  ])('%s', async (_name, call, script, expected) => {
    expect(await answerOf(call, script)).toBe(expected);
  });
});

describe('what may not be seen', () => {
  const knative = inferenceService({
    status: { deploymentMode: 'Knative', components: { predictor: { latestCreatedRevision: 'p-00002' } } },
  });
  const standard = inferenceService({ status: { deploymentMode: 'Standard' } });

  test.each([
    ['revisions', knative, '{apiGroups: ["serving.knative.dev"], resources: ["revisions"], verbs: ["get"]}'],
    ['deployments', standard, '{apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"]}'],
  ])('%s — the service is read, and the missing right is a complaint', async (plural, object, rule) => {
    expect(await answerOf('read', [json(object), forbidden])).toMatchObject({
      complaints: [`modelgate may not see ${plural}: its Role lacks ${rule}`],
    });
  });

  test.each<[string, unknown, ScriptedAnswer]>([
    [
      'a revision that is gone',
      knative,
      failure(404, 'NotFound', 'no', { name: 'p-00002', kind: 'revisions' }),
    ],
    ['no Knative', knative, { status: 404, body: '404 page not found' }],
    ['no Deployment yet', standard, failure(404, 'NotFound', 'no', { name: 'x', kind: 'deployments' })],
  ])('%s — is no complaint', async (_name, object, answer) => {
    expect(await answerOf('read', [json(object), answer])).toMatchObject({
      complaints: [],
      deployment: undefined,
      revisions: { createdStamp: undefined },
    });
  });

  test('trouble with the second question — is trouble', async () => {
    expect(await answerOf('read', [json(knative), json({}, 503)])).toBeInstanceOf(RetryableError);
  });
});

describe('requests', () => {
  test('reading in Knative mode — asks for the service and its created revision', async () => {
    const status = {
      deploymentMode: 'Knative',
      components: { predictor: { latestCreatedRevision: 'p-00002' } },
    };
    const script = [
      json(inferenceService({ status })),
      json(revision('p-00002', [condition('Ready', 'True')])),
    ];
    await withScript(script, async ({ serving, seen }) => {
      expect(await serving.read(service, never)).toMatchObject({
        name: service,
        resourceVersion: '4711',
        revisions: { createdStamp: 'r-1' },
      });
      expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'GET /apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices/auto-mpg',
        'GET /apis/serving.knative.dev/v1/namespaces/serving/revisions/p-00002',
      ]);
      expect(seen[0]?.headers).toMatchObject({
        authorization: 'Bearer secret-token',
        accept: 'application/json',
      });
    });
  });

  test.each([
    ['auto-mpg-predictor', undefined],
    ['auto-mpg-blue-predictor', 'blue'],
  ])('reading in Standard mode — asks for the Deployment %s', async (name, variant) => {
    const predictor = { name: variant, model: { modelFormat: { name: 'sklearn' } } };
    const standard = inferenceService({ predictor, status: { deploymentMode: 'Standard' } });
    await withScript([json(standard), json(deployment())], async ({ serving, seen }) => {
      expect(await serving.read(service, never)).toMatchObject({
        deployment: { stamp: 'r-1', upToDate: true },
      });
      expect(seen[1]?.path).toBe(`/apis/apps/v1/namespaces/serving/deployments/${name}`);
    });
  });

  test('creating — sends as little as is needed', async () => {
    const serviceAccount = 'models-reader';
    await withScript(
      [json(inferenceService(), 201)],
      async ({ serving, seen }) => {
        await serving.create({ service, model, protocol: 'v2' }, never);

        expect(`${seen[0]?.method} ${seen[0]?.path}`).toBe(
          'POST /apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices?fieldManager=modelgate&fieldValidation=Strict',
        );
        expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: {
            name: service,
            namespace: 'serving',
            labels: { 'app.kubernetes.io/managed-by': 'modelgate' },
            annotations: {
              'modelgate.dev/before': JSON.stringify({
                v: 1,
                of: { storageUri: model.storageUri, rolloutId: model.rolloutId },
              }),
            },
          },
          spec: {
            predictor: {
              annotations: { 'modelgate.dev/release': 'r-2' },
              serviceAccountName: 'models-reader',
              model: {
                modelFormat: { name: 'sklearn' },
                protocolVersion: 'v2',
                storageUri: 's3://models/auto-mpg/bb/',
              },
            },
          },
        });
      },
      { serviceAccount },
    );
  });

  test.each<[string, unknown, typeof model | Record<string, unknown>, unknown]>([
    [
      'a new model',
      inferenceService(),
      model,
      { annotations: { 'modelgate.dev/release': 'r-2' }, model: { storageUri: 's3://models/auto-mpg/bb/' } },
    ],
    [
      'another format, ten percent',
      inferenceService(),
      { ...model, format: 'xgboost', canaryTrafficPercent: 10 },
      {
        annotations: { 'modelgate.dev/release': 'r-2' },
        canaryTrafficPercent: 10,
        model: { modelFormat: { name: 'xgboost' }, storageUri: 's3://models/auto-mpg/bb/' },
      },
    ],
    [
      'back to what people had: no stamp, no percentage',
      inferenceService({
        predictor: {
          canaryTrafficPercent: 0,
          annotations: { 'modelgate.dev/release': 'r-2', team: 'cars' },
          model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/auto-mpg/bb/' },
        },
      }),
      { storageUri: 's3://models/auto-mpg/aa/', format: 'sklearn' },
      {
        annotations: { 'modelgate.dev/release': null },
        canaryTrafficPercent: null,
        model: { storageUri: 's3://models/auto-mpg/aa/' },
      },
    ],
    ['no address any more', inferenceService(), { rolloutId: 'r-1' }, { model: { storageUri: null } }],
  ])('replacing with %s — is one merge-patch of our fields', async (_name, before, wanted, predictor) => {
    const after = {
      storageUri: undefined,
      format: undefined,
      canaryTrafficPercent: undefined,
      rolloutId: undefined,
      ...wanted,
    };
    await withScript([json(before), json(before)], async ({ serving, seen }) => {
      await serving.replace({ service, resourceVersion: '4711', model: after, before: undefined }, never);

      expect(seen).toHaveLength(2);
      expect(`${seen[1]?.method} ${seen[1]?.path}`).toBe(
        'PATCH /apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices/auto-mpg?fieldManager=modelgate',
      );
      expect(seen[1]?.headers['content-type']).toBe('application/merge-patch+json');
      expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
        metadata: { resourceVersion: '4711', annotations: { 'modelgate.dev/before': null } },
        spec: { predictor },
      });
    });
  });

  const of = { storageUri: model.storageUri, rolloutId: model.rolloutId };
  test.each<[string, ServedModel | 'nothing', object]>([
    [
      'a model',
      model,
      { v: 1, of, before: { storageUri: 's3://models/auto-mpg/bb/', format: 'sklearn', rolloutId: 'r-2' } },
    ],
    [
      'a model with a percentage of none, and no stamp',
      { ...model, canaryTrafficPercent: 0, rolloutId: undefined },
      {
        v: 1,
        of,
        before: { storageUri: 's3://models/auto-mpg/bb/', format: 'sklearn', canaryTrafficPercent: 0 },
      },
    ],
    ['nothing', 'nothing', { v: 1, of }],
  ])('replacing what was %s — notes it in the same patch', async (_name, before, note) => {
    const old = inferenceService();
    await withScript([json(old), json(old)], async ({ serving, seen }) => {
      await serving.replace({ service, resourceVersion: '4711', model, before }, never);

      expect(seen.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
      const { metadata, spec } = JSON.parse(seen[1]?.body ?? '');
      expect(spec.predictor.model.storageUri).toBe(model.storageUri);
      expect(JSON.parse(metadata.annotations['modelgate.dev/before'])).toEqual(note);
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['predictor.sklearn', { sklearn: { storageUri: 's3://old/' } }, 'spec.predictor.sklearn'],
    [
      'storage',
      { model: { modelFormat: { name: 'onnx' }, storage: { path: 'x' } } },
      'spec.predictor.model.storage',
    ],
    ['a container', { containers: [{ image: 'x' }] }, 'spec.predictor.containers'],
  ])(
    'replacing a model that is named by %s — is refused with the way out, and nothing is written',
    async (_name, predictor, field) => {
      await withScript([json(inferenceService({ predictor }))], async ({ serving, seen }) => {
        expect(await thrownBy(asked.replace(serving))).toMatchObject({
          code: 'service-not-supported',
          message: expect.stringContaining(field),
          remedy: expect.stringContaining('spec.predictor.model: {modelFormat:'),
        });
        expect(seen).toHaveLength(1);
      });
    },
  );

  test('removing — is bound to the version', async () => {
    await withScript([json({ kind: 'Status' })], async ({ serving, seen }) => {
      await asked.remove(serving);

      expect(seen[0]?.method).toBe('DELETE');
      expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ preconditions: { resourceVersion: '4711' } });
    });
  });

  test('a server below a path — keeps the path', async () => {
    await withScript([json(inferenceService())], async ({ url, seen }) => {
      const open = openServing({
        kind: 'given',
        url: `${url}/k8s/clusters/c-1/`,
        token: undefined,
        ca: undefined,
      });
      await open.serving.read(service, never);
      await open.close();
      expect(seen[0]?.path).toMatch(/^\/k8s\/clusters\/c-1\/apis\/serving\.kserve\.io\//);
      expect(seen[0]?.headers.authorization).toBeUndefined();
    });
  });

  test('an aborted job — asks nothing, and one that is aborted while it waits ends', async () => {
    const reason = new AbortError('superseded');
    await withScript(['hang'], async ({ serving, seen }) => {
      expect(await thrownBy(serving.read(service, AbortSignal.abort(reason)))).toBe(reason);
      expect(seen).toEqual([]);
      const controller = new AbortController();
      const waiting = serving.read(service, controller.signal);
      setTimeout(() => controller.abort(reason), 20);
      expect(await thrownBy(waiting)).toBe(reason);
    });
  });
});
