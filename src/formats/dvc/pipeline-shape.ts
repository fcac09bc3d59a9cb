import type { ObjectShape, Shape } from '../schema/shape.ts';
import { field, keyText, type YamlNode } from '../yaml/node.ts';
import { anything, either, list, mapOf, object, scalar, text } from './shapes.ts';

/** Templates stand where a value of another type comes out of them, so text is let through (specs dvc 2.3). */
const command = either('a command', text, list(text), mapOf(anything));
const templatedFlag: Shape = scalar('true or false', (node) => {
  return node.type === 'bool' || (node.type === 'string' && node.value.includes('${'));
});
const textOrTemplate: Shape = scalar('text', (node) => node.type === 'string');
const looseText: Shape = scalar('text', () => true);

const outputSettings = {
  desc: text,
  type: text,
  labels: list(text),
  meta: anything,
  cache: templatedFlag,
  persist: templatedFlag,
  remote: textOrTemplate,
  push: templatedFlag,
  checkpoint: templatedFlag,
};
const outputs = outputList(object('the settings of an output', outputSettings));
const plotSettings = object(
  'the settings of a plot',
  {
    ...outputSettings,
    template: text,
    x: text,
    y: text,
    x_label: text,
    y_label: text,
    title: text,
    header: templatedFlag,
  },
  true,
);
const plots = outputList(either('the settings of a plot', plotSettings, list(plotSettings)));

const variables = list(either('a file or values', text, mapOf(anything)));

const body = {
  'cmd!': command,
  wdir: text,
  deps: list(text),
  params: list(either('a parameter, or a file with its parameters', looseText, mapOf(anything))),
  vars: variables,
  frozen: templatedFlag,
  always_changed: templatedFlag,
  meta: anything,
  desc: text,
  outs: outputs,
  metrics: outputs,
  plots,
};

const plainStage = object('a stage', { ...body, matrix: mapOf(either('a list', list(anything), text)) });
const templateStage = object('a stage under `do`', body);
const foreachStage = object('a foreach stage', {
  'foreach!': either('a list, a map or a template', list(anything), mapOf(anything), text),
  'do!': templateStage,
});

const axis = either('a column, or a file with its columns', text, mapOf(either('columns', text, list(text))));
const plotDefinition = object(
  'a plot',
  {
    x: axis,
    y: either('columns', text, list(text), mapOf(either('columns', text, list(text)))),
    x_label: text,
    y_label: text,
    title: text,
    template: text,
  },
  true,
);

const artifact = object('an artifact', {
  'path!': text,
  desc: text,
  type: text,
  labels: list(text),
  meta: anything,
});

/** The shape of this `dvc.yaml`: a stage with `foreach` or `do` has other fields than the others (specs dvc 2.1, 2.2). */
export function pipelineShape(root: YamlNode): ObjectShape {
  return object('dvc.yaml', {
    stages: object('the stages', stageShapes(field(root, 'stages'))),
    vars: variables,
    params: list(text),
    metrics: list(text),
    plots: list(either('a plot', text, mapOf(plotDefinition))),
    artifacts: mapOf(artifact),
    datasets: anything,
  });
}

function stageShapes(stages: YamlNode | undefined): Record<string, Shape> {
  const shapes: [string, Shape][] = [];
  for (const entry of stages?.kind === 'mapping' ? stages.entries : []) {
    const name = keyText(entry);
    const isForeach = field(entry.value, 'foreach') !== undefined || field(entry.value, 'do') !== undefined;
    if (name !== undefined) shapes.push([name, isForeach ? foreachStage : plainStage]);
  }
  return Object.fromEntries(shapes);
}

function outputList(settings: Shape): Shape {
  return list(either('an output', text, mapOf(settings)));
}
