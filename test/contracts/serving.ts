import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServedModel } from '../../src/domain/rollout.ts';
import { AbortError } from '../../src/errors.ts';
import type { InferenceService, Serving } from '../../src/ports/serving.ts';

/** A mapping as JSON has it. */
export type Fields = Readonly<Record<string, unknown>>;

/** A cluster, our side of it, and other people and controllers at work in it. */
export interface ServingWorld {
  readonly serving: Serving;
  /** A name that nothing in the cluster has yet. */
  fresh(): string;
  /** Somebody else creates an InferenceService. */
  apply(service: string, predictor: Fields, metadata?: Fields): Promise<void>;
  /** Somebody else changes one by a merge patch. */
  edit(service: string, patch: Fields, manager: string): Promise<void>;
  /** The InferenceService as the cluster stores it. */
  stored(service: string): Promise<Fields>;
  /** The controllers bring the newest edit into service. */
  bringUp(service: string): Promise<void>;
  /** The controllers find that the model of the newest edit cannot be loaded. */
  breakDown(service: string, message: string): Promise<void>;
  close(): Promise<void>;
}

/** What one cluster has and another has not. */
export interface ServingTraits {
  readonly mode: 'knative' | 'standard';
  /** Knative's Revision objects. */
  readonly revisions: boolean;
  /** Models that answer. */
  readonly predictions: boolean;
}

const never = new AbortController().signal;
const stamp = 'modelgate.dev/release';
const modelA: ServedModel = {
  storageUri: 's3://models/auto-mpg/aa/',
  format: 'sklearn',
  canaryTrafficPercent: undefined,
  rolloutId: 'release-a',
};
const noteKey = 'modelgate.dev/before';
const noModel: ServedModel = {
  storageUri: undefined,
  format: undefined,
  canaryTrafficPercent: undefined,
  rolloutId: undefined,
};
const modelB: ServedModel = { ...modelA, storageUri: 's3://models/auto-mpg/bb/', rolloutId: 'release-b' };
const otherPeoples = {
  minReplicas: 2,
  serviceAccountName: 'models-reader',
  annotations: { team: 'cars' },
  model: {
    modelFormat: { name: 'sklearn', version: '1' },
    storageUri: 's3://models/auto-mpg/aa/',
    resources: { limits: { memory: '1Gi' } },
  },
};

/** The promises of Serving, kept with every cluster. */
export function describeServing(
  name: string,
  createWorld: () => Promise<ServingWorld>,
  traits: ServingTraits,
): void {
  describe(`serving contract: ${name}`, () => {
    let world: ServingWorld;
    beforeAll(async () => void (world = await createWorld()));
    afterAll(() => world?.close());

    const see = async (service: string): Promise<InferenceService> => {
      const seen = await world.serving.read(service, never);
      if (seen === undefined) throw new Error(`there is no ${service}`);
      return seen;
    };
    const create = async (model = modelA, service = world.fresh()): Promise<string> => {
      expect(await world.serving.create({ service, model, protocol: undefined }, never)).toBe('written');
      return service;
    };
    const replace = async (
      service: string,
      model: ServedModel,
      before?: InferenceService['before'],
    ): Promise<void> => {
      const { resourceVersion } = await see(service);
      const wanted = { service, resourceVersion, model, before };
      expect(await world.serving.replace(wanted, never)).toBe('written');
    };
    const inService = async (model = modelA): Promise<string> => {
      const service = await create(model);
      await world.bringUp(service);
      return service;
    };

    test('read — nothing there — undefined', async () => {
      expect(await world.serving.read(world.fresh(), never)).toBeUndefined();
    });

    test('create — is read back, belongs to nobody else, and is not there twice', async () => {
      const service = await create();
      expect(await see(service)).toMatchObject({
        name: service,
        model: modelA,
        gitopsOwner: undefined,
        complaints: [],
        lastFailure: undefined,
      });
      const again = world.serving.create({ service, model: modelB, protocol: undefined }, never);
      expect(await again).toBe('conflict');
      expect((await see(service)).model).toEqual(modelA);
    });

    test('create — with a protocol and a percentage — both are stored', async () => {
      const service = world.fresh();
      const model = { ...modelA, canaryTrafficPercent: 10 };
      await world.serving.create({ service, model, protocol: 'v2' }, never);
      expect(await world.stored(service)).toMatchObject({
        metadata: { labels: { 'app.kubernetes.io/managed-by': 'modelgate' } },
        spec: { predictor: { canaryTrafficPercent: 10, model: { protocolVersion: 'v2' } } },
      });
    });

    test('create — what the schema forbids — is refused with the reason', async () => {
      const model = { ...modelA, canaryTrafficPercent: 0.5 };
      const asked = world.serving.create({ service: world.fresh(), model, protocol: undefined }, never);
      await expect(asked).rejects.toMatchObject({
        code: 'cluster-refused',
        message: expect.stringContaining('canaryTrafficPercent'),
      });
    });

    test('a first model — brought up — everything agrees on it', async () => {
      const seen = await see(await inService());
      expect(seen).toMatchObject({
        mode: traits.mode,
        ready: true,
        transition: 'UpToDate',
        targetModelState: 'Loaded',
        activeModelState: 'Loaded',
        url: expect.stringMatching(/^https?:/),
        complaints: [],
      });
      expectServing(seen, modelA);
    });

    test('replace — brought up — the new model serves, by its stamp', async () => {
      const service = await inService();
      const before = await see(service);
      await replace(service, modelB);
      expect((await see(service)).model).toEqual(modelB);
      await world.bringUp(service);
      const after = await see(service);

      expect(after).toMatchObject({ ready: true, transition: 'UpToDate' });
      expectServing(after, modelB);
      const { created } = before.revisions;
      expect(after.revisions.created === created).toBe(traits.mode === 'standard');
    });

    test('replace — changes our fields, and none of anybody else; back — nothing of us is left', async () => {
      const service = world.fresh();
      await world.apply(service, otherPeoples, { labels: { team: 'cars' } });
      const before = await world.stored(service);
      const { model } = await see(service);
      await replace(service, { ...modelB, canaryTrafficPercent: 0 }, model);
      const noted = await world.stored(service);
      expect(inside(inside(noted, 'metadata'), 'annotations')).toEqual({
        ...inside(inside(before, 'metadata'), 'annotations'),
        [noteKey]: expect.any(String),
      });
      expect({ ...partsOf(noted), annotations: undefined }).toEqual({
        ...partsOf(
          merged(before, {
            canaryTrafficPercent: 0,
            annotations: { team: 'cars', [stamp]: 'release-b' },
            storageUri: modelB.storageUri,
          }),
        ),
        annotations: undefined,
      });
      await replace(service, model);
      expect(withoutEmpty(partsOf(await world.stored(service)))).toEqual(withoutEmpty(partsOf(before)));
    });

    test('the note — a creation says that there was nothing, an edit what there was, and going back takes it away', async () => {
      const service = await create();
      expect((await see(service)).before).toBe('nothing');
      const { resourceVersion } = await see(service);
      const edit = { ...modelB, canaryTrafficPercent: 0 };
      await replace(service, edit, modelA);
      const edited = await see(service);
      expect(edited).toMatchObject({ model: edit, before: modelA });
      expect(edited.resourceVersion).not.toBe(resourceVersion);
      await replace(service, modelA, edit);
      expect((await see(service)).before).toEqual(edit);
      await replace(service, modelB, noModel);
      expect((await see(service)).before).toEqual(noModel);
      await replace(service, modelA);
      expect((await see(service)).before).toBeUndefined();
      expect(await world.stored(service)).not.toMatchObject({
        metadata: { annotations: { [noteKey]: expect.anything() } },
      });
    });

    test('the note — somebody else edits other fields — stays', async () => {
      const service = await create();
      await replace(service, modelB, modelA);
      const metadata = { labels: { touched: 'yes' }, annotations: { team: 'cars' } };
      await world.edit(service, { metadata, spec: { predictor: { minReplicas: 2 } } }, 'kubectl-edit');
      expect(await see(service)).toMatchObject({ before: modelA, model: modelB, gitopsOwner: undefined });
    });

    test.each([
      ['no JSON', 's3://models/'],
      ['a list', '[]'],
      ['of another version', '{"v":2,"uri":"s3://models/"}'],
      ['empty', ''],
    ])('the note — %s — is no note, and no obstacle', async (_name, note) => {
      const service = await create();
      await world.edit(service, { metadata: { annotations: { [noteKey]: note } } }, 'kubectl-edit');
      expect((await see(service)).before).toBeUndefined();
      await replace(service, modelB, modelA);
      expect(await see(service)).toMatchObject({ model: modelB, before: modelA });
    });

    test('the note — is none of the predictor’s annotations, and one edit with it is one revision', async () => {
      const service = await inService();
      await replace(service, modelB, modelA);
      const { predictor } = inside(await world.stored(service), 'spec');
      expect(predictor).toMatchObject({ annotations: { [stamp]: 'release-b' } });
      expect(JSON.stringify(predictor)).not.toContain(noteKey);
      await world.bringUp(service);
      const { revisions } = await see(service);
      await world.bringUp(service);
      expect((await see(service)).revisions).toEqual(revisions);
      expectServing(await see(service), modelB);
    });

    test('replace — another format — its name alone is changed', async () => {
      const service = world.fresh();
      await world.apply(service, otherPeoples);
      await replace(service, { ...modelB, format: 'xgboost' });
      expect(await world.stored(service)).toMatchObject({
        spec: { predictor: { model: { modelFormat: { name: 'xgboost', version: '1' } } } },
      });
    });

    test('replace — somebody wrote since — is a conflict and changes nothing', async () => {
      const service = await create();
      const { resourceVersion } = await see(service);
      await world.edit(service, { metadata: { labels: { touched: 'yes' } } }, 'kubectl-edit');
      const written = world.serving.replace(
        { service, resourceVersion, model: modelB, before: modelA },
        never,
      );
      expect(await written).toBe('conflict');
      expect(await see(service)).toMatchObject({ model: modelA, before: 'nothing' });
      await replace(service, modelB);
      expect(await world.stored(service)).toMatchObject({ metadata: { labels: { touched: 'yes' } } });
    });

    test('replace — two at once from one version — one of them is written', async () => {
      const service = await create();
      const { resourceVersion } = await see(service);
      const results = await Promise.all(
        [modelB, { ...modelB, rolloutId: 'release-c' }].map((model) =>
          world.serving.replace({ service, resourceVersion, model, before: modelA }, never),
        ),
      );
      expect(results.toSorted()).toEqual(['conflict', 'written']);
    });

    test('replace — nothing there any more — is a conflict', async () => {
      const service = world.fresh();
      const written = world.serving.replace(
        { service, resourceVersion: '1', model: modelB, before: modelA },
        never,
      );
      expect(await written).toBe('conflict');
    });

    test('replace — a predictor that brings its own container — is refused, with the way out', async () => {
      const service = world.fresh();
      await world.apply(service, { containers: [{ name: 'kserve-container', image: 'team/model:1' }] });
      const seen = await see(service);
      const asked = world.serving.replace({ ...seen, service, model: modelB, before: modelA }, never);
      await expect(asked).rejects.toMatchObject({
        code: 'service-not-supported',
        remedy: expect.stringContaining('spec.predictor.model'),
      });
      expect((await see(service)).model.storageUri).toBeUndefined();
    });

    test('a model that cannot be loaded — is told with its message, and a good one after it is up to date', async () => {
      const service = await inService();
      await replace(service, modelB);
      await world.breakDown(service, 'ModelMissingError: no model in /mnt/models');
      const failed = await see(service);
      expect(failed).toMatchObject({
        transition: 'BlockedByFailedLoad',
        targetModelState: 'FailedToLoad',
        lastFailure: {
          reason: 'ModelLoadFailed',
          message: expect.stringContaining('ModelMissingError: no model in /mnt/models'),
        },
      });
      expect(failed.ready).not.toBe(true);
      const why = failed.revisions.createdFailure?.includes('ModelMissingError') ?? false;
      expect(why).toBe(traits.revisions);
      await replace(service, modelA);
      await world.bringUp(service);
      const repaired = await see(service);
      expect(repaired).toMatchObject({ ready: true, transition: 'UpToDate', model: modelA });
      expectServing(repaired, modelA);
      // It is not taken back: whoever reads it has to compare.
      expect(repaired.lastFailure?.message).toContain('ModelMissingError');
    });

    test.runIf(traits.mode === 'knative')(
      'a percentage — with the new address in one patch — splits the traffic, and goes without a new revision',
      async () => {
        const service = await inService();
        const first = (await see(service)).revisions.created;
        await replace(service, { ...modelB, canaryTrafficPercent: 10 });
        await world.bringUp(service);
        const { revisions } = await see(service);
        expect(revisions.rolledOut).toBe(first);
        expect(revisions.ready).toBe(revisions.created);
        expect(revisions.traffic).toEqual([
          { revision: revisions.created, latest: true, percent: 10 },
          { revision: first, latest: false, percent: 90 },
        ]);
        await replace(service, modelB);
        await world.bringUp(service);
        expect((await see(service)).revisions).toMatchObject({
          created: revisions.created,
          rolledOut: revisions.created,
          traffic: [{ revision: revisions.created, latest: true, percent: 100 }],
        });
      },
    );

    test.each<[string, Fields, string]>([
      ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'models' } }, 'the Flux Kustomization models'],
      ['Helm', { annotations: { 'meta.helm.sh/release-name': 'models' } }, 'the Helm release models'],
    ])('an InferenceService of %s — has an owner', async (_name, metadata, owner) => {
      const service = world.fresh();
      await world.apply(service, otherPeoples, metadata);
      expect((await see(service)).gitopsOwner).toBe(owner);
    });

    test('an InferenceService of Flux that says that our fields are left to us — has no owner', async () => {
      const service = world.fresh();
      const labels = { 'kustomize.toolkit.fluxcd.io/name': 'models' };
      const annotations = { 'modelgate.dev/gitops': 'ignores-model' };
      await world.apply(service, otherPeoples, { labels, annotations });
      expect((await see(service)).gitopsOwner).toBeUndefined();
      await world.edit(service, { metadata: { annotations: { 'modelgate.dev/gitops': null } } }, 'kubectl');
      expect((await see(service)).gitopsOwner).toBe('the Flux Kustomization models');
    });

    test('an InferenceService that Argo CD writes — has an owner, by the fields that it manages', async () => {
      const service = await create();
      await world.edit(service, { metadata: { labels: { touched: 'yes' } } }, 'argocd-controller');
      expect((await see(service)).gitopsOwner).toBeUndefined();
      const patch = { spec: { predictor: { model: { storageUri: 's3://models/from-git/' } } } };
      await world.edit(service, patch, 'argocd-controller');
      expect((await see(service)).gitopsOwner).toBe('Argo CD');
    });

    test('remove — only as it was seen; gone is gone', async () => {
      const service = await create();
      const { resourceVersion } = await see(service);
      await world.edit(service, { metadata: { labels: { touched: 'yes' } } }, 'kubectl-edit');
      expect(await world.serving.remove({ service, resourceVersion }, never)).toBe('conflict');
      const now = await see(service);
      const wanted = { service, resourceVersion: now.resourceVersion };
      expect(await world.serving.remove(wanted, never)).toBe('written');
      expect(await world.serving.read(service, never)).toBeUndefined();
      expect(await world.serving.remove(wanted, never)).toBe('written');
    });

    test('an aborted job — throws its reason', async () => {
      const reason = new AbortError('superseded');
      const aborted = AbortSignal.abort(reason);
      const wanted = { service: world.fresh(), resourceVersion: '1', model: modelA, before: modelA };
      await expect(world.serving.read(wanted.service, aborted)).rejects.toBe(reason);
      await expect(world.serving.create({ ...wanted, protocol: undefined }, aborted)).rejects.toBe(reason);
      await expect(world.serving.replace(wanted, aborted)).rejects.toBe(reason);
      await expect(world.serving.remove(wanted, aborted)).rejects.toBe(reason);
    });

    test.runIf(traits.predictions)('predict — both protocols — are answered by the model', async () => {
      const service = await inService();
      const { url = '' } = await see(service);
      const v1 = {
        service,
        url,
        protocol: 'v1',
        body: {
          instances: [
            [4, 140],
            [8, 350],
          ],
        },
      } as const;
      const input = { name: 'x', shape: [1, 2], datatype: 'FP64', data: [4, 140] };
      const v2 = { service, url, protocol: 'v2', body: { inputs: [input] } } as const;

      expect(await world.serving.predict(v1, never)).toMatchObject({
        status: 200,
        body: { predictions: [expect.any(Number), expect.any(Number)] },
      });
      expect(await world.serving.predict(v2, never)).toMatchObject({
        status: 200,
        body: { outputs: [{ data: [expect.any(Number)] }] },
      });
      expect(await world.serving.predict({ ...v1, body: 'no' }, never)).toMatchObject({ status: 400 });
    });

    /** Revisions or Deployment say that this model serves, and nothing else any more. */
    function expectServing(seen: InferenceService, model: ServedModel): void {
      const { created } = seen.revisions;
      const { replicas = 0 } = seen.deployment ?? {};
      const knative = {
        created: expect.any(String),
        ready: created,
        rolledOut: created,
        traffic: [{ revision: created, latest: true, percent: 100 }],
        createdStamp: traits.revisions ? model.rolloutId : undefined,
        createdFailure: undefined,
      };
      const standard = {
        stamp: model.rolloutId,
        upToDate: true,
        replicas: expect.any(Number),
        updated: replicas,
        available: replicas,
        failure: undefined,
      };
      expect(replicas > 0).toBe(traits.mode === 'standard');
      expect(seen).toMatchObject(
        traits.mode === 'knative'
          ? { revisions: knative, deployment: undefined }
          : { revisions: { created: undefined, traffic: [] }, deployment: standard },
      );
    }
  });
}

/** What people write of an InferenceService; the server writes the rest. */
function partsOf(object: Fields): Fields {
  const { labels, annotations } = inside(object, 'metadata');
  return { labels, annotations, spec: object['spec'] };
}

/** No annotations and an empty mapping of them are the same. */
function withoutEmpty({ annotations, ...parts }: Fields): Fields {
  return { ...parts, annotations: { ...Object(annotations) } };
}

/** The object with our fields as they should be. */
function merged(
  object: Fields,
  ours: { readonly canaryTrafficPercent: number; readonly annotations: Fields; readonly storageUri: unknown },
): Fields {
  const { storageUri, ...rest } = ours;
  const spec = inside(object, 'spec');
  const predictor = inside(spec, 'predictor');
  const model = { ...inside(predictor, 'model'), storageUri };
  return { ...object, spec: { ...spec, predictor: { ...predictor, ...rest, model } } };
}

function inside(object: Fields, key: string): Fields {
  return Object.fromEntries(Object.entries(object[key] ?? {}));
}
