import type { Release, ReleaseLine } from '../../../domain/release.ts';
import type { InferenceService } from '../../../ports/serving.ts';
import { releaseIdOf } from '../../ids.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { nextOfRollOut, type RollOutEffect, type RollOutSeen } from './next.ts';

/** The published model on its way into service. */
export const rollOut: Phase<RollOutSeen, RollOutEffect> = {
  name: 'roll-out',

  async observe(release, world, signal, line) {
    const service = await world.serving.read(release.plan?.production.serving?.service ?? '', signal);
    const wasReleased = await isReleased(service, { release, line, world }, signal);
    return { service, wasReleased, timing: world.timing };
  },

  next: nextOfRollOut,

  // A conflict is seen by the next look.
  async perform(effect, { plan }, { serving }, signal) {
    const { service = '', protocol } = plan?.production.serving ?? {};
    if (effect.name === 'create') await serving.create({ service, model: effect.model, protocol }, signal);
    else {
      const { model, before, resourceVersion } = effect;
      await serving.replace({ service, model, before, resourceVersion }, signal);
    }
  },
};

/** Attempts of a commit that a stamp is looked for among. */
const mostAttempts = 20;

/**
 * Whether the stamp is that of the release that ended well last: by our records, else by what the host shows. Nothing is
 * written beside the model at the end of a release, because KServe would start the model once more for it.
 */
async function isReleased(
  service: InferenceService | undefined,
  of: { readonly release: Release; readonly line: ReleaseLine; readonly world: ReleaseWorld },
  signal: AbortSignal,
): Promise<boolean> {
  const { release, line, world } = of;
  const stamp = service?.model.rolloutId;
  if (service?.before === undefined || stamp === undefined || stamp === release.id) return true;
  if (line.released !== undefined) return line.released.releaseId === stamp;
  const { environment } = release.line;
  const commit = await world.host.production.lastDeployed(release.repository.id, environment, signal);
  if (commit === undefined) return false;
  const attempts = Array.from({ length: mostAttempts }, (_, index) => index + 1);
  return attempts.some((attempt) => releaseIdOf(release.line, { commit, attempt }) === stamp);
}
