import { expect, test } from 'vitest';
import { gitopsOwner } from '../../../src/adapters/kserve/gitops-owner.ts';
import { inferenceService, type Fields } from './objects.ts';

const labels = (all: Fields): Fields => ({ labels: all });
const annotations = (all: Fields): Fields => ({ annotations: all });
const tracking = (id: string): Fields => annotations({ 'argocd.argoproj.io/tracking-id': id });
const storageUri = { 'f:spec': { 'f:predictor': { 'f:model': { 'f:storageUri': {} } } } };
const labelsOnly = { 'f:metadata': { 'f:labels': { 'f:team': {} } } };
const managed = (manager: string, fieldsV1: unknown, more: Fields = {}): Fields => ({
  managedFields: [
    { manager: 'manager', operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': {} } },
    {
      manager,
      operation: 'Update',
      apiVersion: 'serving.kserve.io/v1beta1',
      fieldsType: 'FieldsV1',
      fieldsV1,
    },
  ],
  ...more,
});

test.each<[string, Fields, string | undefined]>([
  ['nobody', {}, undefined],
  ['kubectl', managed('kubectl-client-side-apply', storageUri), undefined],
  ['modelgate itself', managed('modelgate', storageUri), undefined],
  [
    'Argo CD, by its annotation',
    tracking('auto-mpg:serving.kserve.io/InferenceService:serving/auto-mpg'),
    'the Argo CD application auto-mpg',
  ],
  [
    'Argo CD, an application of another namespace',
    tracking('team-a_auto-mpg:serving.kserve.io/InferenceService:serving/auto-mpg'),
    'the Argo CD application team-a_auto-mpg',
  ],
  [
    'an annotation that was copied',
    tracking('other:serving.kserve.io/InferenceService:serving/other'),
    undefined,
  ],
  ['an annotation that is no such thing', tracking('::'), undefined],
  [
    'Argo CD, by its own label',
    labels({ 'argocd.argoproj.io/instance': 'models' }),
    'the Argo CD application models',
  ],
  ['the common label alone', labels({ 'app.kubernetes.io/instance': 'models' }), undefined],
  [
    'Argo CD, by the common label and its fields',
    managed('argocd-controller', storageUri, labels({ 'app.kubernetes.io/instance': 'models' })),
    'the Argo CD application models',
  ],
  ['Argo CD, by its fields', managed('argocd-application-controller', storageUri), 'Argo CD'],
  ['Argo CD, by fields that are not ours', managed('argocd-controller', labelsOnly), undefined],
  [
    'Argo CD, owning the whole model',
    managed('argocd-controller', { 'f:spec': { 'f:predictor': { 'f:model': {} } } }),
    'Argo CD',
  ],
  [
    'Flux, a Kustomization',
    labels({
      'kustomize.toolkit.fluxcd.io/name': 'models',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    }),
    'the Flux Kustomization flux-system/models',
  ],
  [
    'Flux, a HelmRelease',
    {
      ...labels({
        'helm.toolkit.fluxcd.io/name': 'models',
        'helm.toolkit.fluxcd.io/namespace': 'apps',
        'app.kubernetes.io/managed-by': 'Helm',
      }),
      ...annotations({ 'meta.helm.sh/release-name': 'models' }),
    },
    'the Flux HelmRelease apps/models',
  ],
  ['Flux, by its fields', managed('kustomize-controller', storageUri), 'Flux (kustomize-controller)'],
  ['Flux Helm, by its fields', managed('helm-controller', storageUri), 'Flux (helm-controller)'],
  [
    'Helm, by its annotations',
    annotations({ 'meta.helm.sh/release-name': 'auto', 'meta.helm.sh/release-namespace': 'serving' }),
    'the Helm release serving/auto',
  ],
  ['Helm, by its label', labels({ 'app.kubernetes.io/managed-by': 'Helm' }), 'a Helm release'],
  [
    'Argo CD, which leaves our fields alone',
    managed('argocd-controller', storageUri, annotations({ 'modelgate.dev/gitops': 'ignores-model' })),
    undefined,
  ],
  [
    'Argo CD, and a word that says nothing of the kind',
    managed('argocd-controller', storageUri, annotations({ 'modelgate.dev/gitops': 'yes' })),
    'Argo CD',
  ],
  ['us, by our label', labels({ 'app.kubernetes.io/managed-by': 'modelgate' }), undefined],
  [
    'fields that cannot be read',
    { managedFields: [7, { manager: 'argocd-controller', fieldsV1: 'x' }] },
    undefined,
  ],
])('who would undo our edit: %s', (_name, metadata, owner) => {
  expect(gitopsOwner(inferenceService({ metadata }))).toBe(owner);
});
