import type { Scope } from '../../formats/kfp/pipeline-model.ts';
import { dig, get, namedEntries } from '../../formats/kfp/read-field.ts';
import { stringValue } from '../../formats/yaml/node.ts';
import type { YamlNode } from '../../formats/yaml/node.ts';
import { joinPointer } from '../../formats/yaml/pointer.ts';
import type { Breach } from '../rule.ts';
import { at } from './model.ts';
import { checkName, scopeName } from './undefined-name.ts';

type Kind = 'parameters' | 'artifacts';

/** What a DAG hands out: declared outputs and selectors agree, selectors name tasks and their outputs (R10). */
export function* checkOutputs(scope: Scope): Generator<Breach> {
  const { spec, outputs } = scope.component;
  for (const kind of ['parameters', 'artifacts'] as const) {
    const what = kind === 'parameters' ? 'output parameter' : 'output artifact';
    const selected = namedEntries(dig(scope.dag, 'outputs', kind));
    const names = new Set(selected.map((entry) => entry.name));
    for (const { name, key, value } of selected) {
      const pointer = joinPointer(`${scope.pointer}/outputs/${kind}`, name);
      yield* checkName({
        source: spec.source,
        who: 'dag.outputs',
        node: key,
        around: key,
        pointer,
        field: `dag.outputs.${kind}`,
        form: 'key',
        what,
        where: `outputDefinitions of ${scopeName(scope)}`,
        defined: outputs[kind],
      });
      for (const selector of selectorsOf(value, kind))
        yield* checkSelector({ scope, kind, name, key, pointer, ...selector });
    }
    for (const [name, key] of outputs[kind]) {
      if (names.has(name)) continue;
      const pointer = joinPointer(joinPointer(`${scope.component.pointer}/outputDefinitions`, kind), name);
      const message = `The ${what} "${name}" of ${scopeName(scope)} is declared, but dag.outputs does not say which task makes it.`;
      yield {
        at: at(spec.source, key, pointer),
        message,
        subject: name,
        repair: `add "${name}" to dag.outputs.${kind}`,
      };
    }
  }
}

interface Selector {
  readonly node: YamlNode;
  readonly path: string;
}

/** A parameter comes from one task, or from the one of several that ran; an artifact from a list of selectors. */
function selectorsOf(output: YamlNode, kind: Kind): readonly Selector[] {
  if (kind === 'artifacts') return listed(get(output, 'artifactSelectors'), 'artifactSelectors');
  const single = get(output, 'valueFromParameter');
  if (single !== undefined) return [{ node: single, path: 'valueFromParameter' }];
  return listed(dig(output, 'valueFromOneof', 'parameterSelectors'), 'valueFromOneof/parameterSelectors');
}

function listed(list: YamlNode | undefined, path: string): readonly Selector[] {
  return list?.kind === 'sequence'
    ? list.items.map((node, index) => ({ node, path: `${path}/${index}` }))
    : [];
}

function* checkSelector(
  site: Selector & { scope: Scope; kind: Kind; name: string; key: YamlNode; pointer: string },
): Generator<Breach> {
  const { scope, kind, node, path, key } = site;
  const { source } = scope.component.spec;
  const who = `The output "${site.name}" of ${scopeName(scope)}`;
  const pointer = `${site.pointer}/${path}`;
  const subtask = get(node, 'producerSubtask');
  yield* checkName({
    source,
    who,
    node: subtask,
    around: key,
    pointer: `${pointer}/producerSubtask`,
    field: 'producerSubtask',
    what: 'task',
    where: scopeName(scope),
    defined: scope.tasks,
  });
  const producer = scope.tasks.get(stringValue(subtask) ?? '')?.component;
  if (producer === undefined) return;
  const field = kind === 'parameters' ? 'outputParameterKey' : 'outputArtifactKey';
  yield* checkName({
    source,
    who,
    node: get(node, field),
    around: key,
    pointer: `${pointer}/${field}`,
    field,
    what: kind === 'parameters' ? 'output parameter' : 'output artifact',
    where: `the component "${producer.name}"`,
    defined: producer.outputs[kind],
  });
}
