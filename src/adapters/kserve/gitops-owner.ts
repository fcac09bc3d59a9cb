import { isObject, listAt, textAt, valueAt } from './json.ts';
import { gitopsAnnotation, inferenceServices, stampAnnotation } from './resources.ts';

/** The fields that we write. */
const ourFields = [
  ['f:spec', 'f:predictor', 'f:model', 'f:storageUri'],
  ['f:spec', 'f:predictor', 'f:model', 'f:modelFormat', 'f:name'],
  ['f:spec', 'f:predictor', 'f:canaryTrafficPercent'],
  ['f:spec', 'f:predictor', 'f:annotations', `f:${stampAnnotation}`],
];

/** Managers of fields that put back what somebody else has changed. */
const managers: readonly (readonly [RegExp, string])[] = [
  [/^argocd-/, 'Argo CD'],
  [/^kustomize-controller$/, 'Flux (kustomize-controller)'],
  [/^helm-controller$/, 'Flux (helm-controller)'],
];

/**
 * The tool that would undo our edit of an InferenceService, in words for people: by the marks that tools leave, else by
 * who owns the fields that are ours to write. undefined: nobody is known to, or people say that it leaves our fields
 * alone, which no mark tells.
 */
export function gitopsOwner(service: unknown): string | undefined {
  const label = (key: string): string | undefined => textAt(service, 'metadata', 'labels', key);
  const annotation = (key: string): string | undefined => textAt(service, 'metadata', 'annotations', key);
  if (annotation(gitopsAnnotation) === 'ignores-model') return undefined;
  const application = argoApplication(service, annotation('argocd.argoproj.io/tracking-id'));
  if (application !== undefined) return `the Argo CD application ${application}`;
  const instance = label('argocd.argoproj.io/instance');
  if (instance !== undefined) return `the Argo CD application ${instance}`;
  const release = label('helm.toolkit.fluxcd.io/name');
  if (release !== undefined)
    return `the Flux HelmRelease ${inNamespace(release, label('helm.toolkit.fluxcd.io/namespace'))}`;
  const kustomization = label('kustomize.toolkit.fluxcd.io/name');
  if (kustomization !== undefined) {
    const namespace = label('kustomize.toolkit.fluxcd.io/namespace');
    return `the Flux Kustomization ${inNamespace(kustomization, namespace)}`;
  }
  const manager = managerOfOurFields(service);
  if (manager?.startsWith('Argo CD') === true) {
    // The default label of Argo CD, which Helm charts set too: it counts only where Argo CD is known to write.
    const name = label('app.kubernetes.io/instance');
    return name === undefined ? manager : `the Argo CD application ${name}`;
  }
  const chart = annotation('meta.helm.sh/release-name');
  if (chart !== undefined)
    return `the Helm release ${inNamespace(chart, annotation('meta.helm.sh/release-namespace'))}`;
  if (label('app.kubernetes.io/managed-by') === 'Helm') return 'a Helm release';
  return manager;
}

/** `application:group/kind:namespace/name`; an annotation that was copied from another object tracks nothing. */
function argoApplication(service: unknown, tracking: string | undefined): string | undefined {
  const [application, kind, object] = tracking?.split(':') ?? [];
  if (application === undefined || application === '') return undefined;
  const namespace = textAt(service, 'metadata', 'namespace');
  const name = textAt(service, 'metadata', 'name');
  const tracked = kind === `${inferenceServices.group}/InferenceService` && object === `${namespace}/${name}`;
  return tracked ? application : undefined;
}

function managerOfOurFields(service: unknown): string | undefined {
  for (const entry of listAt(service, 'metadata', 'managedFields')) {
    const name = textAt(entry, 'manager') ?? '';
    const words = managers.find(([pattern]) => pattern.test(name))?.[1];
    if (words !== undefined && ourFields.some((path) => owns(valueAt(entry, 'fieldsV1'), path))) return words;
  }
  return undefined;
}

/** Whether a tree of FieldsV1 names the field, or something above it as a whole. */
function owns(tree: unknown, path: readonly string[]): boolean {
  let at = tree;
  for (const [depth, key] of path.entries()) {
    if (!isObject(at)) return false;
    if (depth > 0 && Object.keys(at).length === 0) return true;
    at = valueAt(at, key);
  }
  return at !== undefined;
}

function inNamespace(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
