import { field, keyText, stringValue } from '../yaml/node.ts';
import type { YamlNode } from '../yaml/node.ts';
import { dig, get, namedEntries } from './read-field.ts';

/** What a YAML document is, told by its content and never by the file's name (specs kubeflow-kserve 1.1, 2.13). */
export type DocumentKind =
  /** KFP v2 IR. */
  | 'pipeline-spec'
  | 'platform-spec'
  /** Kubernetes objects of `pipelines.kubeflow.org`. */
  | 'pipeline-object'
  | 'pipeline-version-object'
  /** An Argo Workflow that a KFP compiler wrote, which is how KFP v1 packaged pipelines. */
  | 'argo-pipeline'
  /** Any other Argo Workflow. */
  | 'argo-workflow'
  /** A component of the v1 format: `implementation.container` or `.graph`. */
  | 'component-v1'
  | 'other'
  | 'empty';

const specFields = new Set(
  [
    'pipelineInfo',
    'deploymentSpec',
    'components',
    'root',
    'schemaVersion',
    'sdkVersion',
    'defaultPipelineRoot',
  ].flatMap((name) => [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
);

/** Whether a name is that of a field at the top of KFP v2 IR, in camelCase or snake_case. */
export function isSpecField(name: string | undefined): boolean {
  return name !== undefined && specFields.has(name);
}

/** The kind of a document by its root. */
export function classify(root: YamlNode | undefined): DocumentKind {
  if (root === undefined) return 'empty';
  if (root.kind !== 'mapping') return 'other';
  const apiVersion = stringValue(field(root, 'apiVersion'));
  const kind = stringValue(field(root, 'kind'));
  if (apiVersion !== undefined && kind !== undefined) return classifyObject(root, apiVersion, kind);
  if (isPipelineSpec(root)) return 'pipeline-spec';
  if (get(root, 'platforms')?.kind === 'mapping') return 'platform-spec';
  const implementation = field(root, 'implementation');
  return (field(implementation, 'container') ?? field(implementation, 'graph')) ? 'component-v1' : 'other';
}

function classifyObject(root: YamlNode, apiVersion: string, kind: string): DocumentKind {
  if (apiVersion.startsWith('pipelines.kubeflow.org/')) {
    if (kind === 'Pipeline') return 'pipeline-object';
    return kind === 'PipelineVersion' ? 'pipeline-version-object' : 'other';
  }
  if (!apiVersion.startsWith('argoproj.io/') || kind !== 'Workflow') return 'other';
  return isCompiledByKfp(root) ? 'argo-pipeline' : 'argo-workflow';
}

/** `pipelineInfo` and one more field of the IR, or, where it is missing or misspelt, three of them. */
function isPipelineSpec(root: YamlNode): boolean {
  if (root.kind !== 'mapping') return false;
  const known = root.entries.filter((entry) => isSpecField(keyText(entry))).length;
  return known >= (get(root, 'pipelineInfo') === undefined ? 3 : 2);
}

/** KFP's compilers leave annotations or labels, and its own service account. */
function isCompiledByKfp(root: YamlNode): boolean {
  if (stringValue(dig(root, 'spec', 'serviceAccountName')) === 'pipeline-runner') return true;
  const marks = [
    dig(root, 'metadata', 'annotations'),
    dig(root, 'metadata', 'labels'),
    dig(root, 'spec', 'podMetadata', 'annotations'),
  ];
  return marks.some((mark) =>
    namedEntries(mark).some(({ name }) => name.startsWith('pipelines.kubeflow.org/')),
  );
}
