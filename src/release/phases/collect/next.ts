import { brokenLimits, type BrokenLimit } from '../../../domain/metric-limits.ts';
import type { TrainedModel } from '../../../domain/model.ts';
import { runtimeObjection } from '../../../domain/runtime-files.ts';
import { since, type Asked, type Next } from '../../phase.ts';

/** What the run handed over. `missing`: nothing that is ours, so far. */
export type HandedOver =
  | { readonly kind: 'model'; readonly model: TrainedModel }
  | { readonly kind: 'missing'; readonly reason: string }
  | { readonly kind: 'wrong'; readonly reason: string };

/** The model, and what it is compared with. */
export interface CollectSeen {
  readonly handedOver: HandedOver;
  /** Metrics of the model that was released last. */
  readonly before: Readonly<Record<string, number>>;
  readonly handOverMs: number;
}

/** The run's model is taken over if it is ours and keeps the limits: nothing has been published yet. */
export function nextOfCollect({ release, seen, now }: Asked<CollectSeen>): Next<never> {
  const { handedOver, before, handOverMs } = seen;
  if (handedOver.kind === 'missing' && since(release.phaseSince, now) < handOverMs)
    return { kind: 'wait', ms: Math.min(5000, handOverMs), note: 'waiting for what the run hands over' };
  if (handedOver.kind !== 'model') return { kind: 'end', outcome: 'failed', reason: handedOver.reason };
  const { model } = handedOver;
  const facts = { model };
  const broken = brokenLimits(release.plan?.limits ?? {}, model.metrics, before);
  if (broken.length > 0) {
    const reason = `the model is not good enough and was not published: ${broken.map(describe).join('; ')}`;
    return { kind: 'end', outcome: 'failed', reason, facts };
  }
  const objection = runtimeObjection(
    model.format,
    model.files.map(({ path }) => path),
  );
  if (objection !== undefined)
    return { kind: 'end', outcome: 'failed', reason: `the model could not be served: ${objection}`, facts };
  return { kind: 'go', to: 'publish', facts, note: `the run handed over ${model.told}` };
}

/** `rmse is 4.2, above the limit of 4`. */
export function describe({ metric, value, limit, bound, before }: BrokenLimit): string {
  if (limit === 'missing' || value === undefined) return `${metric} is missing, and has a limit`;
  if (limit === 'min') return `${metric} is ${rounded(value)}, below the limit of ${rounded(bound)}`;
  if (limit === 'max') return `${metric} is ${rounded(value)}, above the limit of ${rounded(bound)}`;
  return `${metric} is ${rounded(value)}, worse than the ${rounded(before)} of the model in production allows (${rounded(bound)})`;
}

function rounded(value: number | undefined): string {
  return value === undefined ? '?' : String(Number(value.toPrecision(6)));
}
