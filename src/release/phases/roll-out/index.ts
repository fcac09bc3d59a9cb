import type { ReleaseLine } from '../../../domain/release.ts';
import type { ServedModel } from '../../../domain/rollout.ts';
import type { Host } from '../../../ports/host.ts';
import { attemptWithId } from '../../ids.ts';
import type { Phase } from '../../phase.ts';
import { nextOfRollOut, type RollOutEffect, type RollOutSeen } from './next.ts';

/** The published model on its way into service. */
export const rollOut: Phase<RollOutSeen, RollOutEffect> = {
  name: 'roll-out',

  async observe({ plan }, { serving, host, timing }, signal, line) {
    const service = await serving.read(plan?.production.serving?.service ?? '', signal);
    // Only a service with a note leaves a doubt.
    const asked = service?.before !== undefined;
    return { service, isProven: asked && (await wasReleased(service.model, { line, host }, signal)), timing };
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

/** Whether the release that wrote the model came to a good end; where our records are gone the host tells. */
async function wasReleased(
  { rolloutId }: ServedModel,
  { line: { line, released }, host }: { readonly line: ReleaseLine; readonly host: Host },
  signal: AbortSignal,
): Promise<boolean> {
  if (rolloutId === undefined) return false;
  if (released !== undefined) return released.releaseId === rolloutId;
  const commit = await host.production.lastDeployed(line.repositoryId, line.environment, signal);
  return commit !== undefined && attemptWithId(line, commit, rolloutId) !== undefined;
}
