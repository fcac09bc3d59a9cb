import type { Phase } from '../../phase.ts';
import { nextOfRestore, type RestoreEffect, type RestoreSeen } from './next.ts';

/** The old model on its way back. */
export const restore: Phase<RestoreSeen, RestoreEffect> = {
  name: 'restore',

  async observe({ plan }, { serving, timing }, signal) {
    return { service: await serving.read(plan?.production.serving?.service ?? '', signal), timing };
  },

  next: nextOfRestore,

  // A conflict is seen by the next look.
  async perform(effect, { plan }, { serving }, signal) {
    const service = plan?.production.serving?.service ?? '';
    const { resourceVersion } = effect;
    if (effect.name === 'remove') await serving.remove({ service, resourceVersion }, signal);
    else await serving.replace({ service, resourceVersion, model: effect.model, before: undefined }, signal);
  },
};
