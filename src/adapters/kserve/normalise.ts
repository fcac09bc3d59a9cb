import type { InferenceService } from '../../ports/serving.ts';
import { readBefore } from './before-note.ts';
import { complaintsOf } from './complaints.ts';
import { conditionsOf, explainCondition, findCondition, statusOf } from './conditions.ts';
import { gitopsOwner } from './gitops-owner.ts';
import { isObject, listAt, numberAt, oneLine, textAt, valueAt } from './json.ts';
import { readPredictor } from './read-predictor.ts';
import { stampAnnotation } from './resources.ts';

/** Objects of a cluster that tell of one service, as they came. */
export interface Seen {
  readonly service: unknown;
  /** The created Revision (Knative). */
  readonly revision: unknown;
  /** The predictor's Deployment (Standard). */
  readonly deployment: unknown;
  /** Rights that were missing to see more, for people. */
  readonly complaints: readonly string[];
}

type Mode = InferenceService['mode'];

const modes: ReadonlyMap<string | undefined, Mode> = new Map([
  ['Knative', 'knative'],
  ['Serverless', 'knative'],
  ['Standard', 'standard'],
  ['RawDeployment', 'standard'],
  ['ModelMesh', 'modelmesh'],
]);

/**
 * The mode as the status tells it, else the annotation, which the webhook writes where the installation's default is
 * another one than Knative's; else the traces that Knative leaves (specs kubeflow-kserve 5.1, 5.3).
 */
export function modeOf(service: unknown): Mode {
  const told = modes.get(textAt(service, 'status', 'deploymentMode'));
  const asked = modes.get(textAt(service, 'metadata', 'annotations', 'serving.kserve.io/deploymentMode'));
  const revision = textAt(service, 'status', 'components', 'predictor', 'latestCreatedRevision');
  return told ?? asked ?? (revision === undefined ? 'unknown' : 'knative');
}

/** Any objects in, the port's words out; what is not understood is undefined. */
export function normalise({
  service,
  revision,
  deployment,
  complaints,
}: Seen): Omit<InferenceService, 'name' | 'resourceVersion'> {
  const conditions = conditionsOf(service);
  const mode = modeOf(service);
  const { model } = readPredictor(service);
  return {
    // Only in Standard mode there is a Deployment of this name.
    mode: mode === 'unknown' && isObject(deployment) ? 'standard' : mode,
    model,
    before: readBefore(service, model),
    gitopsOwner: gitopsOwner(service),
    url: textAt(service, 'status', 'url'),
    ready: statusOf(conditions, 'Ready'),
    complaints: [...complaintsOf(service, conditions), ...complaints],
    transition: textAt(service, 'status', 'modelStatus', 'transitionStatus'),
    targetModelState: textAt(service, 'status', 'modelStatus', 'states', 'targetModelState'),
    activeModelState: textAt(service, 'status', 'modelStatus', 'states', 'activeModelState'),
    lastFailure: lastFailureOf(service),
    revisions: revisionsOf(service, revision),
    deployment: isObject(deployment) ? deploymentOf(deployment) : undefined,
  };
}

function lastFailureOf(service: unknown): InferenceService['lastFailure'] {
  const info = valueAt(service, 'status', 'modelStatus', 'lastFailureInfo');
  const reason = textAt(info, 'reason');
  const exitCode = numberAt(info, 'exitCode');
  const message = textAt(info, 'message') ?? (exitCode === undefined ? undefined : `exit code ${exitCode}`);
  if (reason === undefined && message === undefined) return undefined;
  return {
    reason: reason ?? 'unknown',
    message: oneLine(message ?? ''),
    revision: textAt(info, 'modelRevisionName'),
    at: textAt(info, 'time'),
  };
}

function revisionsOf(service: unknown, revision: unknown): InferenceService['revisions'] {
  const predictor = valueAt(service, 'status', 'components', 'predictor');
  const failed = findCondition(conditionsOf(revision), 'Ready', false);
  return {
    created: textAt(predictor, 'latestCreatedRevision'),
    ready: textAt(predictor, 'latestReadyRevision'),
    rolledOut: textAt(predictor, 'latestRolledoutRevision'),
    traffic: listAt(predictor, 'traffic').flatMap((target) =>
      isObject(target)
        ? {
            revision: textAt(target, 'revisionName'),
            latest: target['latestRevision'] === true,
            percent: numberAt(target, 'percent') ?? 0,
          }
        : [],
    ),
    createdStamp: textAt(revision, 'metadata', 'annotations', stampAnnotation),
    createdFailure: failed === undefined ? undefined : explainCondition(failed),
  };
}

function deploymentOf(deployment: unknown): NonNullable<InferenceService['deployment']> {
  const generation = numberAt(deployment, 'metadata', 'generation');
  const observed = numberAt(deployment, 'status', 'observedGeneration');
  const upToDate = generation !== undefined && observed !== undefined && observed >= generation;
  const conditions = conditionsOf(deployment);
  const stuck = findCondition(conditions, 'Progressing', false);
  const failed =
    (stuck?.reason === 'ProgressDeadlineExceeded' ? stuck : undefined) ??
    findCondition(conditions, 'ReplicaFailure', true);
  return {
    stamp: textAt(deployment, 'spec', 'template', 'metadata', 'annotations', stampAnnotation),
    upToDate,
    // Pods of the old template that still run are counted, so that equal numbers mean that they are gone.
    replicas: Math.max(
      numberAt(deployment, 'spec', 'replicas') ?? 1,
      numberAt(deployment, 'status', 'replicas') ?? 0,
    ),
    updated: numberAt(deployment, 'status', 'updatedReplicas') ?? 0,
    available: numberAt(deployment, 'status', 'availableReplicas') ?? 0,
    // Before the template was seen, its conditions are those of the one before.
    failure: upToDate && failed !== undefined ? explainCondition(failed) : undefined,
  };
}
