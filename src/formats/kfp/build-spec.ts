import type { Source } from '../source.ts';
import { stringValue } from '../yaml/node.ts';
import type { YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import type { Component, Interface, PipelineSpec, Scope, Task, TaskReference } from './pipeline-model.ts';
import { dig, get, namedEntries, textOf } from './read-field.ts';

/** The scopes and components of a PipelineSpec whose shape is right; `pointer` is its place in the document. */
export function buildSpec(source: Source, root: YamlNode, pointer: string): PipelineSpec {
  const components = new Map<string, Component>();
  const scopes: Scope[] = [];
  const spec: PipelineSpec = {
    source,
    name: textOf(get(root, 'pipelineInfo'), 'name'),
    executors: new Set(namedEntries(dig(root, 'deploymentSpec', 'executors')).map((entry) => entry.name)),
    components,
    scopes,
  };
  const componentsPointer = joinPointer(pointer, 'components');
  for (const { name, value } of namedEntries(get(root, 'components'))) {
    components.set(name, buildComponent(spec, name, value, joinPointer(componentsPointer, name)));
  }
  const rootNode = get(root, 'root');
  const main = rootNode && buildComponent(spec, 'root', rootNode, joinPointer(pointer, 'root'));
  for (const component of main === undefined ? components.values() : [main, ...components.values()]) {
    const scope = buildScope(spec, component);
    if (scope !== undefined) scopes.push(scope);
  }
  return spec;
}

function buildComponent(spec: PipelineSpec, name: string, node: YamlNode, pointer: string): Component {
  return {
    spec,
    name,
    pointer,
    node,
    inputs: buildInterface(get(node, 'inputDefinitions')),
    outputs: buildInterface(get(node, 'outputDefinitions')),
    executorLabel: get(node, 'executorLabel'),
  };
}

function buildInterface(definitions: YamlNode | undefined): Interface {
  return {
    parameters: names(get(definitions, 'parameters')),
    artifacts: names(get(definitions, 'artifacts')),
  };
}

function names(node: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  return new Map(namedEntries(node).map(({ name, key }) => [name, key]));
}

function buildScope(spec: PipelineSpec, component: Component): Scope | undefined {
  const dag = get(component.node, 'dag');
  if (dag === undefined) return undefined;
  const pointer = joinPointer(component.pointer, 'dag');
  const tasks = new Map<string, Task>();
  const tasksPointer = joinPointer(pointer, 'tasks');
  for (const { name, key, value } of namedEntries(get(dag, 'tasks'))) {
    const componentRef = dig(value, 'componentRef', 'name');
    const at = joinPointer(tasksPointer, name);
    tasks.set(name, {
      name,
      key,
      node: value,
      pointer: at,
      componentRef,
      component: spec.components.get(stringValue(componentRef) ?? ''),
      waitsFor: [...producers(value, at), ...dependencies(value, at)],
    });
  }
  return { component, dag, pointer, tasks };
}

function producers(task: YamlNode, pointer: string): readonly TaskReference[] {
  const found: TaskReference[] = [];
  const add = (holder: YamlNode | undefined, at: string): void => {
    const node = get(holder, 'producerTask');
    const name = stringValue(node);
    if (node === undefined || name === undefined) return;
    found.push({ name, node, pointer: `${at}/producerTask`, field: 'producerTask' });
  };
  for (const { name, value } of namedEntries(dig(task, 'inputs', 'parameters'))) {
    const at = joinPointer(`${pointer}/inputs/parameters`, name);
    add(get(value, 'taskOutputParameter'), `${at}/taskOutputParameter`);
    add(get(value, 'taskFinalStatus'), `${at}/taskFinalStatus`);
  }
  for (const { name, value } of namedEntries(dig(task, 'inputs', 'artifacts'))) {
    add(
      get(value, 'taskOutputArtifact'),
      `${joinPointer(`${pointer}/inputs/artifacts`, name)}/taskOutputArtifact`,
    );
  }
  return found;
}

function dependencies(task: YamlNode, pointer: string): readonly TaskReference[] {
  const list = get(task, 'dependentTasks');
  if (list?.kind !== 'sequence') return [];
  return list.items.flatMap((node, index) => {
    const name = stringValue(node);
    const at = `${pointer}/dependentTasks/${index}`;
    return name === undefined ? [] : [{ name, node, pointer: at, field: 'dependentTasks' } as const];
  });
}
