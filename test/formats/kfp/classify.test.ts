import { describe, expect, test } from 'vitest';
import { classify } from '../../../src/formats/kfp/classify.ts';
import { read } from '../yaml/read.ts';

describe('classify', () => {
  test.each<[kind: string, text: string]>([
    ['empty', '# nothing\n---\n'],
    ['other', '[1, 2]'],
    ['other', 'replicas: 1'],
    ['other', 'apiVersion: apps/v1\nkind: Deployment\n'],
    ['other', 'openapi: 3.0.3\ncomponents: {schemas: {}}\n'],
    ['pipeline-spec', 'pipelineInfo: {name: p}\nroot: {}\n'],
    ['pipeline-spec', 'pipeline_info: {name: p}\ndeployment_spec: {}\n'],
    ['pipeline-spec', 'pipelineInf: {name: p}\nroot: {}\ncomponents: {}\nschemaVersion: 2.1.0\n'],
    ['other', 'root: {}\ncomponents: {}\n'],
    ['platform-spec', 'platforms: {kubernetes: {}}\n'],
    ['other', 'platforms: [linux]\n'],
    ['pipeline-object', 'apiVersion: pipelines.kubeflow.org/v2beta1\nkind: Pipeline\n'],
    ['pipeline-version-object', 'apiVersion: pipelines.kubeflow.org/v2beta1\nkind: PipelineVersion\n'],
    ['other', 'apiVersion: pipelines.kubeflow.org/v1\nkind: Viewer\n'],
    ['argo-workflow', 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n'],
    [
      'argo-pipeline',
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {serviceAccountName: pipeline-runner}\n',
    ],
    [
      'argo-pipeline',
      'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {labels: {pipelines.kubeflow.org/v2_component: "true"}}\n',
    ],
    ['other', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n'],
    ['component-v1', 'name: Train\nimplementation: {container: {image: i}}\n'],
    ['component-v1', 'name: Train\nimplementation: {graph: {tasks: {}}}\n'],
  ])('%s — %j', (kind, text) => {
    expect(classify(read(text).documents[0]?.root)).toBe(kind);
  });
});
