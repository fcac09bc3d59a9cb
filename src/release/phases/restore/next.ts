import type { ServedModel } from '../../../domain/rollout.ts';
import type { Release } from '../../../domain/release.ts';
import type { InferenceService } from '../../../ports/serving.ts';
import { since, type Asked, type Next } from '../../phase.ts';
import type { ReleaseTiming } from '../../world.ts';
import { rolloutState } from '../roll-out/evidence.ts';
import { isOurs, wantedModel } from '../roll-out/next.ts';

/** The InferenceService; undefined: there is none. */
export interface RestoreSeen {
  readonly service: InferenceService | undefined;
  readonly timing: ReleaseTiming;
}

/** The old model is written again, or the service that we made is removed. */
export type RestoreEffect =
  | { readonly name: 'put-back'; readonly model: ServedModel; readonly resourceVersion: string }
  | { readonly name: 'remove'; readonly resourceVersion: string };

/** Puts back what was there before our edit; what somebody else wrote meanwhile is left alone. */
export function nextOfRestore({ release, seen, now }: Asked<RestoreSeen>): Next<RestoreEffect> {
  const { service } = seen;
  const why = release.reason ?? 'the new model did not come up';
  const before = release.rollout?.before ?? service?.before;
  if (service === undefined)
    return rolledBack(
      before === 'nothing'
        ? `${why}. The InferenceService, which was new, was removed`
        : `${why}. The InferenceService is gone`,
    );
  if (isOurs(service, wantedModel(release))) return undo(service, before, why);
  if (before !== undefined && before !== 'nothing' && service.model.storageUri === before.storageUri)
    return settle(service, before, { release, now, why, timing: seen.timing });
  return rolledBack(
    `${why}. Somebody else has changed the InferenceService meanwhile, so it was left as it is`,
  );
}

function undo(
  service: InferenceService,
  before: ServedModel | 'nothing' | undefined,
  why: string,
): Next<RestoreEffect> {
  const { resourceVersion, name } = service;
  if (before === 'nothing')
    return {
      kind: 'act',
      effect: { name: 'remove', resourceVersion },
      note: `removing ${name}, which was new`,
    };
  if (before === undefined)
    return {
      kind: 'hold',
      code: 'before-unknown',
      reason: `${why}. What ${name} served before is not known any more`,
      remedy: `Put the model that ${name} should serve back by hand; the release ends by itself then.`,
    };
  const note = `putting ${before.storageUri ?? 'the old specification'} back`;
  return { kind: 'act', effect: { name: 'put-back', model: before, resourceVersion }, note };
}

/** The old model served all the time where the new one never became ready; elsewhere it has to come up again. */
function settle(
  service: InferenceService,
  before: ServedModel,
  {
    release,
    now,
    why,
    timing,
  }: {
    readonly release: Release;
    readonly now: Date;
    readonly why: string;
    readonly timing: ReleaseTiming;
  },
): Next<RestoreEffect> {
  const edit = {
    rolloutId: before.rolloutId,
    applied: new Date(release.phaseSince).getTime(),
    revisionBefore: release.rollout?.revision,
  };
  // Ready alone is still that of the model that is being replaced.
  const state = rolloutState(service, edit);
  if (state.kind === 'ready') return rolledBack(`${why}. The old model is back`);
  if (since(release.phaseSince, now) <= (release.plan?.production.serving?.deadline ?? 0))
    return { kind: 'wait', ms: timing.lookMs, note: 'waiting for the old model' };
  return rolledBack(
    `${why}. The old model was put back, and has not come up on ${service.name} yet: ${state.kind === 'progressing' ? state.what : state.reason}`,
  );
}

function rolledBack(reason: string): Next<RestoreEffect> {
  return { kind: 'end', outcome: 'rolled-back', reason };
}
