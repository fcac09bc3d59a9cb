import { endOf, type PhaseName, type Release } from '../../domain/release.ts';

/** A phase of a release as people are shown it. */
export interface ShownPhase {
  readonly name: PhaseName;
  readonly title: string;
  readonly state: 'done' | 'now' | 'failed' | 'to-come';
  /** ISO times; undefined: it was not entered or left, or nobody kept it. */
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** What phases are called. */
export const phaseTitles: Readonly<Record<PhaseName, string>> = {
  plan: 'Plan',
  upload: 'Upload the pipeline',
  train: 'Train',
  collect: 'Collect the model',
  publish: 'Publish',
  'roll-out': 'Roll out',
  smoke: 'Ask for predictions',
  restore: 'Put back what was there',
};

const order = Object.keys(phaseTitles).filter(isPhase);

/** The phases that a release takes, in their order: those alone that its policy asks for, once that is known. */
export function phasesOf(release: Release): readonly ShownPhase[] {
  const names = order.filter((name) => takes(release, name));
  const at = names.indexOf(release.phase);
  const entered = names.map((name) => enteredAt(release, name));
  return names.map((name, index) => {
    const isLast = index === at;
    return {
      name,
      title: phaseTitles[name],
      state: isLast ? stateOfLast(release) : index < at ? 'done' : 'to-come',
      since: entered[index],
      until: isLast ? endOf(release) : index < at ? entered[index + 1] : undefined,
    };
  });
}

/** What never came is not shown of a release that has ended. */
function takes(release: Release, name: PhaseName): boolean {
  const { phase, plan, outcome } = release;
  if (name === phase || enteredAt(release, name) !== undefined) return true;
  if (name === 'restore') return false;
  if (order.indexOf(name) > order.indexOf(phase) && outcome !== undefined) return false;
  // Whether it was the rollout or the predictions that failed is known by the times alone.
  if (name === 'smoke' && phase === 'restore') return false;
  if (plan === undefined) return true;
  const { model, serving } = plan.production;
  if (name === 'collect' || name === 'publish') return model !== undefined;
  return (name !== 'roll-out' && name !== 'smoke') || serving !== undefined;
}

function stateOfLast({ outcome, phase }: Release): ShownPhase['state'] {
  if (outcome === undefined) return 'now';
  if (outcome === 'rolled-back' && phase === 'restore') return 'done';
  return outcome === 'failed' || outcome === 'rolled-back' ? 'failed' : 'done';
}

function enteredAt({ entered, began, phase, phaseSince }: Release, name: PhaseName): string | undefined {
  const kept = entered?.[name];
  if (kept !== undefined) return kept;
  if (name === phase) return phaseSince;
  return name === 'plan' ? began : undefined;
}

function isPhase(name: string): name is PhaseName {
  return Object.hasOwn(phaseTitles, name);
}
