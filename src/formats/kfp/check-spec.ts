import { checkShape } from '../schema/check-shape.ts';
import { describeNode, headOf } from '../schema/describe.ts';
import { suggest } from '../../domain/suggest.ts';
import { createProblems } from '../problems.ts';
import type { Problem, Span } from '../source.ts';
import { stringValue } from '../yaml/node.ts';
import type { YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import { dig, get, keyOf, namedEntries } from './read-field.ts';
import {
  deploymentConfigShape,
  kubernetesExecutorShape,
  pipelineSpecShape,
  platformSpecShape,
} from './shapes.ts';

/** Whether a problem of `checkPipelineSpec` leaves the meaning of the rest readable. */
export function isEnvelopeProblem(problem: Problem): boolean {
  return problem.code === 'pipeline-name' || problem.code === 'schema-version';
}

/** What is wrong with the form of a PipelineSpec (specs kubeflow-kserve 2.1: F05 to F08, F13; N01, R01, R02). */
export function checkPipelineSpec(root: YamlNode, pointer: string): readonly Problem[] {
  const deployment = get(root, 'deploymentSpec');
  const key = keyOf(root, 'deploymentSpec')?.span;
  const at = { pointer: joinPointer(pointer, 'deploymentSpec'), name: 'deploymentSpec', key };
  return createProblems([
    ...checkShape(root, pipelineSpecShape, { pointer }),
    ...(deployment?.kind === 'mapping' ? checkShape(deployment, deploymentConfigShape, at) : []),
    ...checkVersion(root, pointer),
    ...checkName(root, pointer),
    ...checkImplementations(root, pointer),
  ]).list();
}

const executorsPath = ['platforms', 'kubernetes', 'deploymentSpec', 'executors'];

/** What is wrong with the form of a PlatformSpec (F10); its executors are read with unknown fields ignored. */
export function checkPlatformSpec(root: YamlNode, pointer: string): readonly Problem[] {
  const problems = createProblems(checkShape(root, platformSpecShape, { pointer }));
  const kubernetes = dig(root, 'platforms', 'kubernetes');
  if (kubernetes === undefined) problems.push(noKubernetes(root, pointer));
  for (const { name, key, value } of namedEntries(dig(kubernetes, 'deploymentSpec', 'executors'))) {
    const at = [...executorsPath, name].reduce(joinPointer, pointer);
    problems.push(...checkShape(value, kubernetesExecutorShape, { pointer: at, name, key: key.span }));
  }
  return problems.list();
}

function noKubernetes(root: YamlNode, pointer: string): Problem {
  const [first] = namedEntries(get(root, 'platforms'));
  const meant = first === undefined ? undefined : suggest(first.name, ['kubernetes']);
  return {
    code: 'missing-field',
    message: 'the platform document has no platforms.kubernetes; Kubeflow drops it without a word',
    span: first?.key.span ?? headOf(root, undefined),
    pointer: joinPointer(pointer, 'platforms'),
    repair: meant === undefined ? 'write the settings below platforms: kubernetes:' : 'write kubernetes:',
  };
}

function checkVersion(root: YamlNode, pointer: string): readonly Problem[] {
  const node = get(root, 'schemaVersion');
  const text = stringValue(node);
  if (text === '2.1.0') return [];
  if (node !== undefined && text === undefined) return [];
  const found = node === undefined ? 'it is missing' : `found ${describeNode(node)}`;
  return [
    {
      code: 'schema-version',
      message: `schemaVersion must be 2.1.0, ${found}; Kubeflow refuses every other version`,
      span: headOf(node ?? root, undefined),
      pointer: joinPointer(pointer, 'schemaVersion'),
      repair: 'compile the pipeline with the KFP SDK 2, or write schemaVersion: 2.1.0',
    },
  ];
}

const nameForm = /^[a-z0-9][a-z0-9-]{0,127}$/;

function checkName(root: YamlNode, pointer: string): readonly Problem[] {
  const info = get(root, 'pipelineInfo');
  const node = get(info, 'name');
  if (node !== undefined && stringValue(node) === undefined) return [];
  const name = stringValue(node) ?? '';
  if (nameForm.test(name)) return [];
  const span = keyOf(info, 'name')?.span ?? keyOf(root, 'pipelineInfo')?.span ?? headOf(root, undefined);
  const proposal = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 128);
  const message =
    name === ''
      ? 'the pipeline has no name (pipelineInfo.name); Kubeflow refuses it'
      : `the pipeline name "${name.slice(0, 60)}" must be lower-case letters, digits and hyphens, at most 128, first no hyphen`;
  return [
    {
      code: 'pipeline-name',
      message,
      span: node === undefined ? span : headOf(node, span),
      pointer: joinPointer(joinPointer(pointer, 'pipelineInfo'), 'name'),
      repair: proposal === '' ? 'name the pipeline: @dsl.pipeline(name="…")' : `write name: ${proposal}`,
    },
  ];
}

/** R01: the root is a DAG. R02: every component is a DAG or has an executor (both at once is a matter of shape). */
function checkImplementations(root: YamlNode, pointer: string): readonly Problem[] {
  const problems = createProblems();
  const missing = (message: string, span: Span, at: string): void => {
    problems.push({ code: 'missing-field', message, span, pointer: at });
  };
  const main = get(root, 'root');
  const rootKey = keyOf(root, 'root')?.span ?? headOf(root, undefined);
  if (main === undefined) {
    missing('the pipeline has no root; Kubeflow refuses it', rootKey, joinPointer(pointer, 'root'));
  } else if (main.kind === 'mapping' && get(main, 'dag') === undefined) {
    missing(
      'the root must have a dag: a pipeline that is one executor cannot be started',
      rootKey,
      joinPointer(pointer, 'root'),
    );
  }
  for (const { name, key, value } of namedEntries(get(root, 'components'))) {
    if (value.kind !== 'mapping' || get(value, 'dag') || get(value, 'executorLabel')) continue;
    const at = joinPointer(joinPointer(pointer, 'components'), name);
    missing(
      `the component "${name}" has neither dag nor executorLabel: there is nothing to run`,
      key.span,
      at,
    );
  }
  return problems.list();
}
