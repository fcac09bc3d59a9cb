/** A kind of object as the API server's addresses and Roles name it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export const inferenceServices: Resource = {
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
};

/** Knative's: one for every edit of a predictor. */
export const revisions: Resource = { group: 'serving.knative.dev', version: 'v1', plural: 'revisions' };

/** Where a predictor runs in Standard mode. */
export const deployments: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };

/** Our stamp: the release whose edit a predictor is. It lands on the revision or the pods (specs kubeflow-kserve 5.2). */
export const stampAnnotation = 'modelgate.dev/release';

/** People's word that the tool which owns an InferenceService leaves our fields to us: `ignores-model`. */
export const gitopsAnnotation = 'modelgate.dev/gitops';

/** Our name in `managedFields`, and in `app.kubernetes.io/managed-by` of what we create. */
export const fieldManager = 'modelgate';

/** A name that may stand in an address: a DNS subdomain. */
export function isName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(text) && !text.includes('..');
}
