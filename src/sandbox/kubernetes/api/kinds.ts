/** A resource the server knows. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Custom resources take no strategic merge patch. */
  readonly custom: boolean;
  readonly status: boolean;
  readonly readOnly: boolean;
}

function kind(group: string, version: string, plural: string, name: string, more: Partial<Kind> = {}): Kind {
  const plain = { namespaced: true, custom: group.includes('.dev') || group.includes('.io'), status: true };
  return { group, version, plural, kind: name, readOnly: false, ...plain, ...more };
}

/** Every resource, the way a cluster with KServe, Knative and Argo Workflows has them. */
export const kinds = {
  inferenceServices: kind('serving.kserve.io', 'v1beta1', 'inferenceservices', 'InferenceService'),
  servingRuntimes: kind('serving.kserve.io', 'v1alpha1', 'servingruntimes', 'ServingRuntime'),
  clusterServingRuntimes: kind(
    'serving.kserve.io',
    'v1alpha1',
    'clusterservingruntimes',
    'ClusterServingRuntime',
    { namespaced: false },
  ),
  knativeServices: kind('serving.knative.dev', 'v1', 'services', 'Service'),
  revisions: kind('serving.knative.dev', 'v1', 'revisions', 'Revision'),
  workflows: kind('argoproj.io', 'v1alpha1', 'workflows', 'Workflow', { readOnly: true, status: false }),
  deployments: kind('apps', 'v1', 'deployments', 'Deployment'),
  replicaSets: kind('apps', 'v1', 'replicasets', 'ReplicaSet'),
  pods: kind('', 'v1', 'pods', 'Pod'),
  events: kind('', 'v1', 'events', 'Event', { status: false }),
  leases: kind('coordination.k8s.io', 'v1', 'leases', 'Lease', { custom: false, status: false }),
} as const;

/** All of them. */
export const allKinds: readonly Kind[] = Object.values(kinds);

/** `serving.kserve.io/v1beta1`; core kinds have no group. */
export function apiVersionOf({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}
