import type { Scope, Task } from '../../formats/kfp/pipeline-model.ts';
import { dig, get, namedEntries } from '../../formats/kfp/read-field.ts';
import { stringValue } from '../../formats/yaml/node.ts';
import type { YamlNode } from '../../formats/yaml/node.ts';
import { joinPointer } from '../../formats/yaml/pointer.ts';
import type { Breach } from '../rule.ts';
import { checkName, scopeName } from './undefined-name.ts';

/** Everything that a task names: its component, the tasks it waits for, their outputs, the inputs of its scope. */
export function* checkTask(scope: Scope, task: Task): Generator<Breach> {
  const { source, components } = scope.component.spec;
  yield* checkName({
    source,
    who: `The task "${task.name}"`,
    node: task.componentRef,
    around: task.key,
    pointer: `${task.pointer}/componentRef/name`,
    field: 'componentRef.name',
    what: 'component',
    where: 'the pipeline',
    defined: components,
  });
  for (const waited of task.waitsFor) {
    yield* checkName({
      source,
      who: `The task "${task.name}"`,
      node: waited.node,
      around: task.key,
      pointer: waited.pointer,
      field: waited.field,
      ...(waited.field === 'dependentTasks' ? { form: 'item' } : {}),
      what: 'task',
      where: scopeName(scope),
      defined: scope.tasks,
    });
  }
  for (const kind of ['parameters', 'artifacts'] as const) {
    for (const { name, key, value } of namedEntries(dig(task.node, 'inputs', kind))) {
      const pointer = joinPointer(`${task.pointer}/inputs/${kind}`, name);
      yield* checkInput({ scope, task, kind, input: { name, key, value }, pointer });
    }
    yield* checkIterator(scope, task, kind);
  }
}

/** The input whose items a loop runs over: one that the task is given, or has from its component's default. */
function* checkIterator(scope: Scope, task: Task, kind: 'parameters' | 'artifacts'): Generator<Breach> {
  const one = kind === 'parameters' ? 'Parameter' : 'Artifact';
  const iterator = `${one.toLowerCase()}Iterator`;
  const node = dig(task.node, iterator, 'items', `input${one}`);
  if (node === undefined) return;
  const given = namedEntries(dig(task.node, 'inputs', kind)).map(({ name }) => name);
  yield* checkName({
    source: scope.component.spec.source,
    who: `The loop of the task "${task.name}"`,
    node,
    around: task.key,
    pointer: `${task.pointer}/${iterator}/items/input${one}`,
    field: `${iterator}.items.input${one}`,
    what: `input ${one.toLowerCase()}`,
    where: 'the task',
    defined: new Set([...given, ...(task.component?.inputs[kind].keys() ?? [])]),
  });
}

interface InputSite {
  readonly scope: Scope;
  readonly task: Task;
  readonly kind: 'parameters' | 'artifacts';
  readonly input: { readonly name: string; readonly key: YamlNode; readonly value: YamlNode };
  readonly pointer: string;
}

function* checkInput(site: InputSite): Generator<Breach> {
  const { scope, task, kind, input, pointer } = site;
  const one = kind === 'parameters' ? 'Parameter' : 'Artifact';
  const who = `The input "${input.name}" of the task "${task.name}"`;
  const { source } = scope.component.spec;
  const outer = get(input.value, `componentInput${one}`);
  if (outer !== undefined) {
    yield* checkName({
      source,
      who,
      node: outer,
      around: input.key,
      pointer: `${pointer}/componentInput${one}`,
      field: `componentInput${one}`,
      what: `input ${one.toLowerCase()}`,
      where: scopeName(scope),
      defined: scope.component.inputs[kind],
    });
  }
  const output = get(input.value, `taskOutput${one}`);
  const producer = scope.tasks.get(stringValue(get(output, 'producerTask')) ?? '')?.component;
  if (output === undefined || producer === undefined) return;
  yield* checkName({
    source,
    who,
    node: get(output, `output${one}Key`),
    around: input.key,
    pointer: `${pointer}/taskOutput${one}/output${one}Key`,
    field: `output${one}Key`,
    what: `output ${one.toLowerCase()}`,
    where: `the component "${producer.name}"`,
    defined: producer.outputs[kind],
  });
}
