import type { Phase } from '../../phase.ts';
import { nextOfRollOut, type RollOutEffect, type RollOutSeen } from './next.ts';

/** The published model on its way into service. */
export const rollOut: Phase<RollOutSeen, RollOutEffect> = {
  name: 'roll-out',

  async observe({ plan }, { serving, timing }, signal) {
    return { service: await serving.read(plan?.production.serving?.service ?? '', signal), timing };
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
