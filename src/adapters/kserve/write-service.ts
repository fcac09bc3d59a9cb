import { UserError } from '../../errors.ts';
import type { ServedModel } from '../../domain/rollout.ts';
import type { Serving, Written } from '../../ports/serving.ts';
import type { Api, ApiAnswer } from './api.ts';
import type { KserveConfig } from './config.ts';
import { beforeAnnotation, writeBefore } from './before-note.ts';
import { kserveMissing } from './kserve-missing.ts';
import { readPredictor } from './read-predictor.ts';
import { getService } from './read-service.ts';
import { fieldManager, inferenceServices, stampAnnotation } from './resources.ts';

/** Writes of one environment: each is one request that carries all of our fields and none of anybody else's. */
export function createWrites(api: Api, config: KserveConfig): Pick<Serving, 'create' | 'replace' | 'remove'> {
  const call = { resource: inferenceServices } as const;
  const query = { fieldManager };
  return {
    async create({ service, model, protocol }, signal) {
      const body = newService(config, service, model, protocol);
      // Strict: a field that this KServe does not know is a mistake that people should hear of.
      const strict = { ...query, fieldValidation: 'Strict' };
      const answer = await api({ ...call, verb: 'create', name: service, query: strict, body }, signal);
      return written(answer, config);
    },
    async replace({ service, resourceVersion, model, before: note }, signal) {
      const found = await getService(api, config, service, signal);
      if (found === undefined || found.resourceVersion !== resourceVersion) return 'conflict';
      const before = readPredictor(found.object);
      if (before.other !== undefined) throw notSupported(config, service, before.other, before.model);
      const body = { ...patchOf(before.model, model), metadata: metadataOf(resourceVersion, note, model) };
      return written(await api({ ...call, verb: 'patch', name: service, query, body }, signal), config);
    },
    async remove({ service, resourceVersion }, signal) {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } };
      const answer = await api({ ...call, verb: 'delete', name: service, body }, signal);
      return answer.kind === 'absent' ? 'written' : written(answer, config);
    },
  };
}

/** Absent, where there was one a moment ago: somebody removed it, which is a conflict. */
function written(answer: ApiAnswer, config: KserveConfig): Written {
  if (answer.kind === 'unknown-resource') throw kserveMissing(config);
  return answer.kind === 'object' ? 'written' : 'conflict';
}

/** A whole InferenceService with as little as it needs: all else is the platform's to choose. */
function newService(
  config: KserveConfig,
  service: string,
  model: ServedModel,
  protocol: 'v1' | 'v2' | undefined,
): unknown {
  const { storageUri, format, canaryTrafficPercent, rolloutId } = model;
  return {
    apiVersion: `${inferenceServices.group}/${inferenceServices.version}`,
    kind: 'InferenceService',
    metadata: {
      name: service,
      namespace: config.namespace,
      labels: { 'app.kubernetes.io/managed-by': fieldManager },
      annotations: { [beforeAnnotation]: writeBefore('nothing', model) },
    },
    spec: {
      predictor: {
        annotations: rolloutId === undefined ? undefined : { [stampAnnotation]: rolloutId },
        serviceAccountName: config.serviceAccount,
        canaryTrafficPercent,
        model: {
          modelFormat: format === undefined ? undefined : { name: format },
          protocolVersion: protocol,
          storageUri,
        },
      },
    },
  };
}

/** A JSON merge-patch (RFC 7386): null removes. Fields that stay as they are are not named, so that nobody loses them. */
function patchOf(before: ServedModel, after: ServedModel): object {
  const changed = <Value>(from: Value | undefined, to: Value | undefined): Value | null | undefined =>
    from === to ? undefined : (to ?? null);
  const stamp = changed(before.rolloutId, after.rolloutId);
  // A format cannot be taken away: the schema demands one.
  const format = before.format === after.format ? undefined : after.format;
  return {
    spec: {
      predictor: {
        annotations: stamp === undefined ? undefined : { [stampAnnotation]: stamp },
        canaryTrafficPercent: changed(before.canaryTrafficPercent, after.canaryTrafficPercent),
        model: {
          modelFormat: format === undefined ? undefined : { name: format },
          storageUri: changed(before.storageUri, after.storageUri),
        },
      },
    },
  };
}

/** The optimistic lock, and the note of what is there before the edit. */
function metadataOf(
  resourceVersion: string,
  note: ServedModel | 'nothing' | undefined,
  edit: ServedModel,
): object {
  const before = note === undefined ? null : writeBefore(note, edit);
  return { resourceVersion, annotations: { [beforeAnnotation]: before } };
}

function notSupported(config: KserveConfig, service: string, other: string, model: ServedModel): UserError {
  const format = model.format ?? 'sklearn';
  const uri = model.storageUri ?? 's3://bucket/model/';
  return new UserError(
    'service-not-supported',
    `the InferenceService ${service} in the namespace ${config.namespace} says with ${other} what it serves; modelgate writes spec.predictor.model.storageUri alone`,
    `Apply it once with spec.predictor.model: {modelFormat: {name: ${format}}, storageUri: ${uri}} instead of ${other}.`,
  );
}
