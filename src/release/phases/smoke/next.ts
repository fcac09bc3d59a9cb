import type { InferenceService } from '../../../ports/serving.ts';
import { since, type Asked, type Next } from '../../phase.ts';
import type { ReleaseTiming } from '../../world.ts';
import { isOurs, wantedModel } from '../roll-out/next.ts';

/** What the new model answers. */
export interface SmokeSeen {
  readonly service: InferenceService | undefined;
  readonly asked: number;
  /** What was wrong with the answers, one sentence for each that was. */
  readonly wrong: readonly string[];
  /** Why there was no answer, or none of the model's: that says nothing about it yet. */
  readonly unanswered: readonly string[];
  readonly timing: ReleaseTiming;
}

/** The release is done when every answer is right; when answers stay wrong the old model is put back. */
export function nextOfSmoke({ release, seen, now }: Asked<SmokeSeen>): Next<never> {
  const { service, asked, wrong, unanswered, timing } = seen;
  if (service === undefined || !isOurs(service, wantedModel(release)))
    return { kind: 'go', to: 'roll-out', note: 'the InferenceService is not as it was written any more' };
  const problem = wrong[0] ?? unanswered[0];
  if (problem === undefined) {
    const which = asked === 1 ? 'the smoke prediction' : `all ${asked} smoke predictions`;
    const proof = asked === 0 ? '' : `, and answers ${which} as expected`;
    return { kind: 'end', outcome: 'released', reason: `${service.name} serves the new model${proof}` };
  }
  const patience = wrong.length > 0 ? timing.smokeMs : (release.plan?.production.serving?.deadline ?? 0);
  if (since(release.phaseSince, now) < patience) return { kind: 'wait', ms: timing.lookMs, note: problem };
  const reason = `the new model does not answer as expected on ${service.name}: ${problem}`;
  return { kind: 'go', to: 'restore', reason, note: reason };
}
