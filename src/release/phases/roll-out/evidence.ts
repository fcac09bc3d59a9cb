import type { InferenceService } from '../../../ports/serving.ts';

/** Our edit, as far as evidence has to be compared with it. */
export interface Edit {
  /** The stamp of what was written; undefined: it has none. */
  readonly rolloutId: string | undefined;
  /** When the edit was first seen, in ms since 1970. */
  readonly applied: number;
  /** The newest revision before it. */
  readonly revisionBefore: string | undefined;
}

/** How far the new model has come up. */
export type RolloutState =
  | { readonly kind: 'progressing'; readonly what: string }
  | { readonly kind: 'ready'; readonly revision: string | undefined }
  /** It does not come up, and may at a restart. */
  | { readonly kind: 'failing'; readonly reason: string }
  /** The platform has given it up. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Whether the model of our edit is up. Decided by the revision or Deployment that carries our stamp, by traffic and by the
 * model's status; never by `observedGeneration` of the service, which is another object's, nor by Ready alone, which
 * lags and flips (specs kubeflow-kserve 5.4).
 */
export function rolloutState(service: InferenceService, edit: Edit): RolloutState {
  const mode = modeOf(service);
  if (mode === 'knative') return ofKnative(service, edit);
  if (mode === 'standard') return ofStandard(service, edit);
  return mode === 'modelmesh' ? ofModelmesh(service, edit) : progressing('the cluster has not begun');
}

/** A service that is new does not say its mode yet; what was made for it does. */
function modeOf({ mode, revisions, deployment }: InferenceService): InferenceService['mode'] {
  if (mode !== 'unknown') return mode;
  if (revisions.created !== undefined) return 'knative';
  return deployment === undefined ? 'unknown' : 'standard';
}

function ofKnative(service: InferenceService, edit: Edit): RolloutState {
  const { created, ready, createdStamp, createdFailure, traffic } = service.revisions;
  if (created === undefined || createdStamp !== edit.rolloutId || created === edit.revisionBefore)
    return invalidSpec(service, edit) ?? progressing('the new revision is not there yet');
  if (createdFailure !== undefined) return failing(createdFailure, service);
  const blocked = blockedLoad(service, edit, created);
  if (blocked !== undefined) return blocked;
  if (ready !== created) return progressing(`the revision ${created} is not ready yet`);
  const onNew = traffic
    .filter(({ revision }) => revision === created)
    .reduce((sum, { percent }) => sum + percent, 0);
  if (onNew < 100) return progressing(`the revision ${created} has ${onNew} % of the traffic`);
  if (service.ready !== true) return progressing(`the service is not ready: ${said(service)}`);
  return { kind: 'ready', revision: created };
}

function ofStandard(service: InferenceService, edit: Edit): RolloutState {
  const { deployment } = service;
  if (deployment === undefined || deployment.stamp !== edit.rolloutId || !deployment.upToDate)
    return invalidSpec(service, edit) ?? progressing('the Deployment does not have the new model yet');
  if (deployment.failure !== undefined) return { ...failing(deployment.failure, service), kind: 'failed' };
  const blocked = blockedLoad(service, edit, undefined);
  if (blocked !== undefined) return blocked;
  const { replicas, updated, available } = deployment;
  if (replicas === 0 || updated !== replicas || available !== replicas)
    return progressing(`${Math.min(updated, available)} of ${replicas} replicas have the new model`);
  if (service.ready !== true) return progressing(`the service is not ready: ${said(service)}`);
  return isLoaded(service)
    ? { kind: 'ready', revision: undefined }
    : progressing('the model is not loaded yet');
}

function ofModelmesh(service: InferenceService, edit: Edit): RolloutState {
  const blocked = blockedLoad(service, edit, undefined) ?? invalidSpec(service, edit);
  if (blocked !== undefined) return blocked;
  if (service.ready === true && service.transition === 'UpToDate' && isLoaded(service))
    return { kind: 'ready', revision: undefined };
  return progressing('the model is not loaded yet');
}

/** Old releases do not fill the states in; then the transition alone has to do. */
function isLoaded({ targetModelState, activeModelState, transition }: InferenceService): boolean {
  const state = targetModelState ?? activeModelState;
  return state === undefined
    ? transition === undefined || transition === 'UpToDate'
    : state === 'Loaded' && transition !== 'InProgress';
}

/** A failure is not cleared when the next model loads: only one of our revision, or after our edit, is ours. */
function blockedLoad(
  service: InferenceService,
  edit: Edit,
  revision: string | undefined,
): RolloutState | undefined {
  if (service.transition !== 'BlockedByFailedLoad') return undefined;
  const { lastFailure } = service;
  const other =
    lastFailure?.revision !== undefined && revision !== undefined && lastFailure.revision !== revision;
  return other || isOlder(lastFailure?.at, edit)
    ? undefined
    : failing('the model could not be loaded', service);
}

/** The controller tries for ever what it cannot make sense of. */
function invalidSpec(service: InferenceService, edit: Edit): RolloutState | undefined {
  if (service.transition !== 'InvalidSpec' || isOlder(service.lastFailure?.at, edit)) return undefined;
  return failing('KServe refuses the specification', service);
}

/** Times of a cluster are whole seconds, and its clock is not ours: a minute is allowed for. */
function isOlder(at: string | undefined, { applied }: Edit): boolean {
  return at !== undefined && new Date(at).getTime() < applied - 60_000;
}

function failing(
  reason: string,
  { lastFailure, complaints }: InferenceService,
): { readonly kind: 'failing'; readonly reason: string } {
  const detail = lastFailure?.message ?? complaints[0];
  const more = detail === undefined || reason.includes(detail) ? '' : `: ${detail}`;
  return { kind: 'failing', reason: `${reason}${more}` };
}

function progressing(what: string): RolloutState {
  return { kind: 'progressing', what };
}

function said({ complaints }: InferenceService): string {
  return complaints[0] ?? 'it does not say why';
}
