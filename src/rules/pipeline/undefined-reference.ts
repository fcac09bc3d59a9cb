import type { PipelineSpec } from '../../formats/kfp/pipeline-model.ts';
import type { Breach, RuleOn } from '../rule.ts';
import type { PipelineNodes } from './model.ts';
import { checkOutputs } from './output-references.ts';
import { checkTask } from './task-references.ts';
import { checkName } from './undefined-name.ts';

/** Names that lead nowhere: upload accepts them, the run does not start or fails in a pod (specs kubeflow-kserve 2.3). */
export const undefinedReference: RuleOn<PipelineNodes, 'spec'> = {
  id: 'pipeline/undefined-reference',
  summary: 'A pipeline that names a task, component, executor, input or output that is not there',
  severity: 'error',
  profile: 'recommended',
  covers: ['R03', 'R04', 'R05', 'R06', 'R07', 'R08', 'R10'],
  on: 'spec',
  *check(spec) {
    let left = maxBreaches;
    for (const breach of undefinedReferences(spec)) {
      if (left === 0) return;
      left -= 1;
      yield breach;
    }
  },
};

/** In one pipeline: more say nothing new, and each costs the search for the nearest name. */
const maxBreaches = 1000;

function* undefinedReferences(spec: PipelineSpec): Generator<Breach> {
  for (const component of spec.components.values()) {
    if (component.executorLabel === undefined) continue;
    yield* checkName({
      source: spec.source,
      who: `The component "${component.name}"`,
      node: component.executorLabel,
      around: component.node,
      pointer: `${component.pointer}/executorLabel`,
      field: 'executorLabel',
      what: 'executor',
      where: 'deploymentSpec',
      defined: spec.executors,
    });
  }
  for (const scope of spec.scopes) {
    for (const task of scope.tasks.values()) yield* checkTask(scope, task);
    yield* checkOutputs(scope);
  }
}
