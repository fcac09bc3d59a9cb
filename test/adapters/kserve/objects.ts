/** Any mapping; fixtures are written as clusters write JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** A condition as controllers write it. */
export function condition(type: string, status: 'True' | 'False' | 'Unknown', more: Fields = {}): Fields {
  return { type, status, lastTransitionTime: '2026-05-04T10:00:00Z', ...more };
}

/** An InferenceService as a cluster answers it: `auto-mpg`, serving an sklearn model. */
export function inferenceService(
  parts: { readonly metadata?: Fields; readonly predictor?: Fields; readonly status?: Fields } = {},
): Fields {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      name: 'auto-mpg',
      namespace: 'serving',
      uid: '0b9f3c3e-6f0e-4d0a-9b6b-2f4a1d7f0c11',
      resourceVersion: '4711',
      generation: 3,
      ...parts.metadata,
    },
    spec: {
      predictor: parts.predictor ?? {
        minReplicas: 1,
        annotations: { 'modelgate.dev/release': 'r-1' },
        model: { modelFormat: { name: 'sklearn' }, name: '', storageUri: 's3://models/auto-mpg/aa/' },
      },
    },
    ...(parts.status && { status: parts.status }),
  };
}

/** A Deployment of a predictor whose rollout is over. */
export function deployment(
  parts: { readonly spec?: Fields; readonly status?: Fields; readonly stamp?: string } = {},
): Fields {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'auto-mpg-predictor', namespace: 'serving', generation: 4 },
    spec: {
      replicas: 2,
      template: { metadata: { annotations: { 'modelgate.dev/release': parts.stamp ?? 'r-1' } } },
      ...parts.spec,
    },
    status: { observedGeneration: 4, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...parts.status },
  };
}

/** A Revision of Knative. */
export function revision(name: string, conditions: readonly Fields[], stamp = 'r-1'): Fields {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Revision',
    metadata: { name, namespace: 'serving', annotations: { 'modelgate.dev/release': stamp } },
    status: { conditions },
  };
}
