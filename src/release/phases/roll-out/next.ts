import type { RolloutFacts, ServedModel } from '../../../domain/rollout.ts';
import type { Release } from '../../../domain/release.ts';
import type { InferenceService } from '../../../ports/serving.ts';
import { since, type Asked, type Next } from '../../phase.ts';
import type { ReleaseTiming } from '../../world.ts';
import { rolloutState } from './evidence.ts';

/** The InferenceService; undefined: there is none. */
export interface RollOutSeen {
  readonly service: InferenceService | undefined;
  /** Whether what it serves by our last edit is known to be right: its release came to a good end. */
  readonly isProven: boolean;
  readonly timing: ReleaseTiming;
}

/** Our fields are written; `before` is noted beside them, so that they can be put back whatever happens to our records. */
export type RollOutEffect =
  | { readonly name: 'create'; readonly model: ServedModel }
  | {
      readonly name: 'replace';
      readonly model: ServedModel;
      readonly before: ServedModel | 'nothing';
      readonly resourceVersion: string;
    };

/** Replace when ready: the new model is written at once, and the old one serves until the new one is up. */
export function nextOfRollOut(asked: Asked<RollOutSeen>): Next<RollOutEffect> {
  const { release, seen } = asked;
  const { service } = seen;
  const wanted = wantedModel(release);
  // Our stamp over another model: ours was written, and changed before it was seen.
  const applied = release.rollout?.applied !== undefined || service?.model.rolloutId === wanted.rolloutId;
  if (service === undefined) return applied ? gone(asked) : create(release, wanted);
  if (isOurs(service, wanted)) return follow(service, asked);
  if (applied && !resumedSince(asked)) return foreignEdit(service, release);
  if (service.gitopsOwner !== undefined && !confirmed(asked))
    return ownedByGitops(service, service.gitopsOwner);
  if (service.model.canaryTrafficPercent !== undefined) return canaryUnderWay(service);
  const before = backTo(service, seen.isProven);
  return {
    kind: 'act',
    effect: {
      name: 'replace',
      model: wanted,
      before,
      resourceVersion: service.resourceVersion,
    },
    facts: { rollout: begin(release, before, service.revisions.created) },
    note: `changing the model of ${service.name} from ${service.model.storageUri ?? 'nothing'}`,
  };
}

/**
 * What is put back if the new model does not come up. A rollout that came to no good end is nothing to go back to: what was
 * before that one is. But a service that is there is never removed for what it was before.
 */
function backTo({ before, model }: InferenceService, isProven: boolean): ServedModel {
  return isProven || before === undefined || before === 'nothing' ? model : before;
}

/** What the service is to serve: our published model, with our stamp. */
export function wantedModel({ id, published, model }: Release): ServedModel {
  return {
    storageUri: published?.uri,
    format: model?.format,
    canaryTrafficPercent: undefined,
    rolloutId: id,
  };
}

/** Whether the specification is as we wrote it. */
export function isOurs({ model }: InferenceService, wanted: ServedModel): boolean {
  return model.rolloutId === wanted.rolloutId && model.storageUri === wanted.storageUri;
}

function begin(
  release: Release,
  before: RolloutFacts['before'],
  revisionBefore: string | undefined,
): RolloutFacts {
  return {
    rolloutId: release.id,
    service: release.plan?.production.serving?.service ?? '',
    before,
    revisionBefore,
    applied: undefined,
    readySince: undefined,
    failingSince: undefined,
    revision: undefined,
    url: undefined,
  };
}

function create(release: Release, model: ServedModel): Next<RollOutEffect> {
  const rollout = begin(release, 'nothing', undefined);
  const note = `creating the InferenceService ${rollout.service}`;
  return { kind: 'act', effect: { name: 'create', model }, facts: { rollout }, note };
}

/** The edit is there: it is followed until everything agrees for a while, or something says that it failed. */
function follow(service: InferenceService, { release, seen, now }: Asked<RollOutSeen>): Next<RollOutEffect> {
  const known = release.rollout ?? begin(release, undefined, undefined);
  const applied = known.applied ?? now.toISOString();
  const base = { ...known, before: known.before ?? service.before, applied, url: service.url };
  const edit = {
    rolloutId: known.rolloutId,
    applied: new Date(applied).getTime(),
    revisionBefore: known.revisionBefore,
  };
  const state = rolloutState(service, edit);
  if (state.kind === 'ready') return whenReady(state.revision, base, { seen, now });
  const failingSince = state.kind === 'failing' ? (base.failingSince ?? now.toISOString()) : undefined;
  const rollout = { ...base, readySince: undefined, failingSince };
  const what = state.kind === 'progressing' ? state.what : state.reason;
  const hopeless = failingSince !== undefined && since(failingSince, now) >= seen.timing.failingMs;
  if (state.kind === 'failed' || hopeless)
    return putBack(`the new model did not come up on ${service.name}: ${what}`, rollout);
  const deadline = release.plan?.production.serving?.deadline ?? 0;
  if (since(applied, now) <= deadline)
    return { kind: 'wait', ms: seen.timing.lookMs, facts: { rollout }, note: what };
  const minutes = Math.round(deadline / 60_000);
  return putBack(`the new model was not up on ${service.name} within ${minutes} minutes: ${what}`, rollout);
}

/** Everything agrees: it has to stay so for a moment. */
function whenReady(
  revision: string | undefined,
  base: RolloutFacts,
  { seen, now }: Pick<Asked<RollOutSeen>, 'seen' | 'now'>,
): Next<RollOutEffect> {
  const { stableMs } = seen.timing;
  const readySince = base.readySince ?? now.toISOString();
  const facts = { rollout: { ...base, readySince, failingSince: undefined, revision } };
  if (since(readySince, now) < stableMs)
    return { kind: 'wait', ms: Math.min(stableMs, 2000), facts, note: 'the new model is up' };
  const name = revision === undefined ? '' : ` as ${revision}`;
  return { kind: 'go', to: 'smoke', facts, note: `the new model serves${name}` };
}

function putBack(reason: string, rollout: RolloutFacts): Next<RollOutEffect> {
  return { kind: 'go', to: 'restore', reason, facts: { rollout }, note: reason };
}

/** People said to go on after the edit was lost: ours is written once more, over what is there now. */
function resumedSince({ release, resumed }: Asked<RollOutSeen>): boolean {
  const applied = release.rollout?.applied ?? release.intents['replace'] ?? release.phaseSince;
  return resumed !== undefined && resumed > applied;
}

/** People said to go on, knowing what the rollout is held for. */
function confirmed({ release, resumed }: Asked<RollOutSeen>): boolean {
  return resumed !== undefined && resumed > release.phaseSince;
}

function gone({ release }: Asked<RollOutSeen>): Next<RollOutEffect> {
  return {
    kind: 'hold',
    code: 'service-gone',
    reason: `the InferenceService ${release.rollout?.service ?? ''} was deleted while the release was rolling out`,
    remedy: 'Find out who deleted it. Create it again with the model that it served, and resume the release.',
  };
}

function foreignEdit(service: InferenceService, { id }: Release): Next<RollOutEffect> {
  const { storageUri, rolloutId } = service.model;
  const what =
    rolloutId === id
      ? `its model is ${storageUri ?? 'gone'}, not what this release wrote`
      : 'it does not carry the stamp of this release any more';
  return {
    kind: 'hold',
    code: 'foreign-edit',
    reason: `somebody else changed the InferenceService ${service.name} during the rollout: ${what}`,
    remedy: `Agree with whoever did it (kubectl get inferenceservice ${service.name} -o yaml --show-managed-fields names them). Resume the release to write our model again, or leave it as it is.`,
  };
}

function ownedByGitops(service: InferenceService, owner: string): Next<RollOutEffect> {
  return {
    kind: 'hold',
    code: 'gitops',
    reason: `the InferenceService ${service.name} belongs to ${owner}, which would undo the rollout`,
    remedy: `Let it ignore spec.predictor.model.storageUri, spec.predictor.model.modelFormat.name, spec.predictor.canaryTrafficPercent and the annotations of modelgate (docs/gitops.md has the lines for Argo CD, Flux and Helm). Then say so: kubectl annotate inferenceservice ${service.name} modelgate.dev/gitops=ignores-model, better yet in Git; the release goes on by itself. Or resume the release: it goes on as things are, once.`,
  };
}

function canaryUnderWay(service: InferenceService): Next<RollOutEffect> {
  return {
    kind: 'hold',
    code: 'canary',
    reason: `the InferenceService ${service.name} has a canary of somebody else (${service.model.canaryTrafficPercent ?? 0} % of the traffic)`,
    remedy: 'Finish or abort that canary: the release goes on when canaryTrafficPercent is gone.',
  };
}
