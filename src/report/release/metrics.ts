import { brokenLimits } from '../../domain/metric-limits.ts';
import type { MetricLimits } from '../../domain/policy.ts';
import type { Release } from '../../domain/release.ts';

/** A metric of the model beside its limits. */
export interface MetricRow {
  readonly metric: string;
  /** `missing` where there is none. */
  readonly value: string;
  /** What it has to keep: `at most 4`; empty: nothing. */
  readonly limits: string;
  /** undefined: nothing is asked of it. */
  readonly kept: boolean | undefined;
}

type Metrics = Readonly<Record<string, number>>;

/** Metrics that have limits first, then the others, by name. `before`: those of the model that was released last. */
export function metricRows(
  { model, plan }: Pick<Release, 'model' | 'plan'>,
  before: Metrics = {},
): readonly MetricRow[] {
  if (model === undefined) return [];
  const { metrics } = model;
  const limits = plan?.limits ?? {};
  const broken = new Set(brokenLimits(limits, metrics, before).map(({ metric }) => metric));
  const others = Object.keys(metrics).filter((metric) => !Object.hasOwn(limits, metric));
  return [...Object.keys(limits).toSorted(), ...others.toSorted()].map((metric) => {
    const limit = Object.hasOwn(limits, metric) ? limits[metric] : undefined;
    return {
      metric,
      value: numberText(Object.hasOwn(metrics, metric) ? metrics[metric] : undefined),
      limits:
        limit === undefined
          ? ''
          : limitText(limit, Object.hasOwn(before, metric) ? before[metric] : undefined),
      kept: limit === undefined ? undefined : !broken.has(metric),
    };
  });
}

function limitText({ min, max, maxRegression }: MetricLimits, before: number | undefined): string {
  const parts: string[] = [];
  if (min !== undefined) parts.push(`at least ${numberText(min)}`);
  if (max !== undefined) parts.push(`at most ${numberText(max)}`);
  if (maxRegression !== undefined) {
    const than = before === undefined ? 'than before' : `than ${numberText(before)}`;
    parts.push(`at most ${numberText(maxRegression * 100)} % worse ${than}`);
  }
  return parts.length === 0 ? 'a number' : parts.join(', ');
}

/** A number in at most six digits. */
export function numberText(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return 'missing';
  return String(Number(value.toPrecision(6)));
}
