import type { Phase } from '../../phase.ts';
import { nextOfPlan } from './next.ts';
import { observePlan, type PlanSeen } from './observe.ts';

/** What is to be released, and how. It changes nothing. */
export const plan: Phase<PlanSeen, never> = {
  name: 'plan',
  observe: observePlan,
  next: nextOfPlan,
  perform: () => Promise.resolve(),
};
