import type { InferenceService } from '../../../ports/serving.ts';
import { since, type Asked, type Next } from '../../phase.ts';
import type { ReleaseTiming } from '../../world.ts';
import { isOurs, wantedModel } from '../roll-out/next.ts';

/** What the new model answers. */
export interface SmokeSeen {
  readonly service: InferenceService | undefined;
  readonly asked: number;
  /** What was wrong with the answers, one sentence for each that was. */
  readonly problems: readonly string[];
  readonly timing: ReleaseTiming;
}

/** The release is done when every answer is right; when answers stay wrong the old model is put back. */
export function nextOfSmoke({ release, seen, now }: Asked<SmokeSeen>): Next<never> {
  const { service, asked, problems, timing } = seen;
  if (service === undefined || !isOurs(service, wantedModel(release)))
    return { kind: 'go', to: 'roll-out', note: 'the InferenceService is not as it was written any more' };
  const [problem] = problems;
  if (problem === undefined) {
    const proof =
      asked === 0
        ? ''
        : `, and answers ${asked === 1 ? 'the smoke prediction' : `all ${asked} smoke predictions`} as expected`;
    return { kind: 'end', outcome: 'released', reason: `${service.name} serves the new model${proof}` };
  }
  if (since(release.phaseSince, now) < timing.smokeMs)
    return { kind: 'wait', ms: timing.lookMs, note: problem };
  const reason = `the new model does not answer as expected on ${service.name}: ${problem}`;
  return { kind: 'go', to: 'restore', reason, note: reason };
}
