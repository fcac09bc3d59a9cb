import { describe, expect, test } from 'vitest';
import { briefly, judge } from './judge.ts';

const spec = `components:
  comp-train:
    executorLabel: exec-train
deploymentSpec:
  executors:
    exec-train:
      container:
        image: python:3.11
pipelineInfo:
  name: training
root:
  dag:
    tasks:
      train:
        componentRef:
          name: comp-train
schemaVersion: 2.1.0
`;
const platform =
  'platforms:\n  kubernetes:\n    deploymentSpec:\n      executors:\n        exec-train:\n          imagePullPolicy: Always\n';
const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);
const object = `apiVersion: pipelines.kubeflow.org/v2beta1
kind: PipelineVersion
metadata:
  name: training-1
spec:
  pipelineName: training
  pipelineSpec:
${indent(spec, '    ')}  platformSpec:
${indent(platform, '    ')}`;

describe('files with several documents', () => {
  test.each<[name: string, text: string, found: readonly string[]]>([
    ['a pipeline', spec, []],
    ['a pipeline and its platform', `${spec}---\n${platform}`, []],
    ['an empty last document', `${spec}---\n`, []],
    ['two pipelines', `${spec}---\n${spec}`, ['pipeline/shape ']],
    ['two platforms', `${spec}---\n${platform}---\n${platform}`, ['pipeline/shape ']],
    [
      'a platform with a misspelt field',
      `${spec}---\n${platform}    pipelineconfig: {}\n`,
      ['pipeline/shape platforms/kubernetes/pipelineconfig'],
    ],
    [
      'a platform without kubernetes',
      `${spec}---\nplatforms: {kubernets: {}}\n`,
      ['pipeline/shape platforms'],
    ],
    [
      'a wrong type in an executor of the platform',
      `${spec}---\n${platform.replace('Always', '[Always]')}`,
      ['pipeline/shape platforms/kubernetes/deploymentSpec/executors/exec-train/imagePullPolicy'],
    ],
    [
      'an unknown field in an executor of the platform, which Kubeflow ignores',
      `${spec}---\n${platform}          more: 1\n`,
      [],
    ],
    [
      'an unknown field in deploymentSpec, which Kubeflow ignores',
      spec.replace('        image:', '        imagePolicy: x\n        image:'),
      [],
    ],
    [
      'a wrong type in deploymentSpec',
      spec.replace('image: python:3.11', 'image: [python]'),
      ['pipeline/shape deploymentSpec/executors/exec-train/container/image'],
    ],
    ['a Kubernetes object with a pipeline in it', object, []],
    [
      'a mistake inside a Kubernetes object',
      object.replace('name: comp-train', 'name: comp-trian'),
      ['pipeline/undefined-reference spec/pipelineSpec/root/dag/tasks/train/componentRef/name'],
    ],
    ['several Kubernetes objects', `${object}---\n${object.replaceAll('training-1', 'training-2')}`, []],
    [
      'JSON',
      JSON.stringify(
        { pipelineInfo: { name: 'p' }, root: { dag: {} }, schemaVersion: '2.0.0' },
        undefined,
        '\t',
      ),
      ['pipeline/shape schemaVersion'],
    ],
    [
      'snake_case names',
      spec
        .replace('executorLabel', 'executor_label')
        .replace('deploymentSpec', 'deployment_spec')
        .replace('componentRef', 'component_ref'),
      [],
    ],
    [
      'snake_case names with a mistake',
      spec.replace('executorLabel: exec-train', 'executor_label: exec-trian'),
      ['pipeline/undefined-reference components/comp-train/executorLabel'],
    ],
    [
      'an executor as the root',
      spec.replace(/root:[^]*schema/, 'root: {executorLabel: exec-train}\nschema'),
      ['pipeline/shape root'],
    ],
    ['no root', spec.replace(/root:[^]*schema/, 'schema'), ['pipeline/shape root']],
    [
      'a wrong name does not hide a wrong reference',
      spec.replace('name: training', 'name: My Training').replace('name: comp-train', 'name: comp'),
      [
        'pipeline/shape pipelineInfo/name',
        'pipeline/undefined-reference root/dag/tasks/train/componentRef/name',
      ],
    ],
  ])('%s', (_, text, found) => {
    expect(briefly(judge(text))).toEqual(found);
  });

  test.each(['parameter', 'artifact'])('a loop over an input %s that the task does not have', (kind) => {
    const one = kind === 'parameter' ? 'Parameter' : 'Artifact';
    const given =
      kind === 'parameter' ? '{runtimeValue: {constant: "[1]"}}' : '{componentInputArtifact: rows}';
    const inputs = (name: string) =>
      `inputs: {${kind}s: {${name}: ${kind === 'parameter' ? '{parameterType: LIST}' : '{artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}}'}}}`;
    const loop = (over: string) =>
      spec
        .replace(
          '    executorLabel',
          `    ${inputs('rows').replace('inputs', 'inputDefinitions')}\n    executorLabel`,
        )
        .replace('root:\n', `root:\n  ${inputs('rows').replace('inputs', 'inputDefinitions')}\n`)
        .replace(
          '          name: comp-train\n',
          `          name: comp-train\n        inputs: {${kind}s: {rows: ${given}}}\n        ${kind}Iterator: {itemInput: rows, items: {input${one}: ${over}}}\n`,
        );
    expect(briefly(judge(loop('rows')))).toEqual([]);
    expect(judge(loop('row'))).toMatchObject([
      {
        rule: 'pipeline/undefined-reference',
        pointer: `root/dag/tasks/train/${kind}Iterator/items/input${one}`,
        message: `The loop of the task "train" names the input ${kind} "row", which the task does not define. Defined: rows.`,
        repair: `write input${one}: rows`,
      },
    ]);
  });

  test('a name that Kubeflow does not take — the repair is a name that it takes', () => {
    expect(judge(spec.replace('name: training', 'name: My Training (v2)'))[0]?.repair).toBe(
      'write name: my-training-v2',
    );
  });

  test('a name with 128 letters is taken, with 129 it is not', () => {
    expect(judge(spec.replace('name: training', `name: ${'a'.repeat(128)}`))).toEqual([]);
    expect(judge(spec.replace('name: training', `name: ${'a'.repeat(129)}`))).toHaveLength(1);
  });

  test('the same mistake on two trees — the fingerprint stays when lines move', () => {
    const broken = spec.replace('name: comp-train', 'name: comp-trian');
    const [one] = judge(broken);
    const [other] = judge(`# a line more\n${broken}`);
    expect(other?.place?.line).toBe((one?.place?.line ?? 0) + 1);
    expect(other?.fingerprint).toBe(one?.fingerprint);
  });
});
