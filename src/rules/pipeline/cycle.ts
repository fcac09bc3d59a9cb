import type { PipelineSpec, Scope } from '../../formats/kfp/pipeline-model.ts';
import type { Breach, RuleOn } from '../rule.ts';
import { findCycles } from './find-cycles.ts';
import { at } from './model.ts';
import type { PipelineNodes } from './model.ts';
import { scopeName } from './undefined-name.ts';

/** Tasks that wait for each other, and components that contain themselves (specs kubeflow-kserve 2.3, R11, R12). */
export const cycle: RuleOn<PipelineNodes, 'spec'> = {
  id: 'pipeline/cycle',
  summary: 'Tasks that wait for each other, or a component that contains itself',
  severity: 'error',
  profile: 'recommended',
  covers: ['R11', 'R12'],
  on: 'spec',
  *check(spec) {
    for (const scope of spec.scopes) yield* taskCycles(scope);
    yield* recursion(spec);
  },
};

/** The graph of waiting; messages print a cycle in the order of the work, which is the other direction. */
function* taskCycles(scope: Scope): Generator<Breach> {
  const graph = new Map(
    [...scope.tasks].map(([name, task]) => [name, unique(task.waitsFor.map((waited) => waited.name))]),
  );
  for (const found of findCycles(graph)) {
    const [waiting, waitedFor] = found.slice(-2);
    const reference = scope.tasks.get(waiting ?? '')?.waitsFor.find((waited) => waited.name === waitedFor);
    if (reference === undefined) continue;
    const printed = print(found.toReversed());
    yield {
      at: at(scope.component.spec.source, reference.node, reference.pointer),
      message:
        waiting === waitedFor
          ? `The task "${waiting}" of ${scopeName(scope)} waits for itself (${printed}), so it can never start.`
          : `Tasks of ${scopeName(scope)} wait for each other: ${printed}. None of them can ever start.`,
      subject: printed,
      repair: `take ${reference.field}: ${reference.name} away from the task "${waiting}", or another of these dependencies`,
    };
  }
}

function* recursion(spec: PipelineSpec): Generator<Breach> {
  const graph = new Map(
    spec.scopes.map((scope) => [
      scope.component.name,
      unique([...scope.tasks.values()].flatMap((task) => task.component?.name ?? [])),
    ]),
  );
  for (const found of findCycles(graph)) {
    const [user, used] = found.slice(-2);
    const scope = spec.scopes.find((candidate) => candidate.component.name === user);
    const task = [...(scope?.tasks.values() ?? [])].find((candidate) => candidate.component?.name === used);
    if (task === undefined) continue;
    const printed = print(found);
    yield {
      at: at(spec.source, task.componentRef ?? task.key, `${task.pointer}/componentRef/name`),
      message: `A component contains itself: ${printed}. Kubeflow does not notice, and the run never ends.`,
      subject: printed,
      repair: `let the task "${task.name}" run another component`,
    };
  }
}

/** A long circle is cut in its middle. */
function print(cycle: readonly string[]): string {
  const steps = cycle.length > 20 ? [...cycle.slice(0, 10), '…', ...cycle.slice(-9)] : cycle;
  return steps.map((name) => name.slice(0, 80)).join(' -> ');
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
