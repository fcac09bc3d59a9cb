import { endOf, type Release } from '../../domain/release.ts';
import { phaseNames, phaseTable, type PhaseName } from '../../domain/release-phases.ts';

/** A phase of a release as people are shown it. */
export interface ShownPhase {
  readonly name: PhaseName;
  readonly title: string;
  readonly state: 'done' | 'now' | 'failed' | 'to-come';
  /** ISO times; undefined: it was not entered or left, or nobody kept it. */
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** The phases that a release takes, in their order: those alone that its policy asks for, once that is known. */
export function phasesOf(release: Release): readonly ShownPhase[] {
  const names = phaseNames.filter((name) => takes(release, name));
  const at = names.indexOf(release.phase);
  const entered = names.map((name) => enteredAt(release, name));
  return names.map((name, index) => {
    const isLast = index === at;
    return {
      name,
      title: phaseTable[name].title,
      state: isLast
        ? stateOfLast(release)
        : index < at
          ? stateOfPassed(release, index === at - 1)
          : 'to-come',
      since: entered[index],
      until: isLast ? endOf(release) : index < at ? entered[index + 1] : undefined,
    };
  });
}

/** What never came is not shown of a release that has ended. */
function takes(release: Release, name: PhaseName): boolean {
  const { phase, plan, outcome } = release;
  if (name === phase || enteredAt(release, name) !== undefined) return true;
  const { taken } = phaseTable[name];
  if (taken === 'on-failure') return false;
  const later = phaseNames.indexOf(name) > phaseNames.indexOf(phase);
  if (later && outcome !== undefined) return false;
  // What went before a failure is known by the times alone.
  if (taken === 'with-serving' && !later && phaseTable[phase].taken === 'on-failure') return false;
  if (plan === undefined || taken === 'always') return true;
  const { model, serving } = plan.production;
  return taken === 'with-model' ? model !== undefined : serving !== undefined;
}

/** What was there before is put back for the sake of the phase before. */
function stateOfPassed({ phase }: Release, isBeforeNow: boolean): ShownPhase['state'] {
  return isBeforeNow && phaseTable[phase].taken === 'on-failure' ? 'failed' : 'done';
}

function stateOfLast({ outcome, phase }: Release): ShownPhase['state'] {
  if (outcome === undefined) return 'now';
  if (outcome === 'rolled-back' && phaseTable[phase].taken === 'on-failure') return 'done';
  return outcome === 'failed' || outcome === 'rolled-back' ? 'failed' : 'done';
}

function enteredAt({ entered, began, phase, phaseSince }: Release, name: PhaseName): string | undefined {
  const kept = entered?.[name];
  if (kept !== undefined) return kept;
  if (name === phase) return phaseSince;
  return name === 'plan' ? began : undefined;
}
