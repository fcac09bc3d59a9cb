import type { MetricLimits } from './policy.ts';

/** A limit that a metric does not keep. */
export interface BrokenLimit {
  readonly metric: string;
  /** undefined: the metric is missing, or is no number. */
  readonly value: number | undefined;
  readonly limit: 'missing' | 'min' | 'max' | 'maxRegression';
  /** The least or greatest value that would have been right; undefined where any number would. */
  readonly bound: number | undefined;
  /** What it was compared with, where that decided. */
  readonly before: number | undefined;
}

type Metrics = Readonly<Record<string, number>>;

/**
 * The limits that metrics do not keep; none: the model may go on. A metric with a limit that is missing, or is not
 * finite, fails. `before`: the metrics of the model that was released last; a metric that it lacks cannot regress.
 */
export function brokenLimits(
  limits: Readonly<Record<string, MetricLimits>>,
  metrics: Metrics,
  before: Metrics = {},
): readonly BrokenLimit[] {
  return Object.entries(limits).flatMap(([metric, limit]) => {
    const value = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;
    if (value === undefined || !Number.isFinite(value))
      return [{ metric, value: undefined, limit: 'missing', bound: undefined, before: undefined } as const];
    return brokenBy(metric, value, limit, Object.hasOwn(before, metric) ? before[metric] : undefined);
  });
}

function brokenBy(
  metric: string,
  value: number,
  limits: MetricLimits,
  before: number | undefined,
): readonly BrokenLimit[] {
  const { min, max, maxRegression } = limits;
  const broken: BrokenLimit[] = [];
  if (min !== undefined && value < min)
    broken.push({ metric, value, limit: 'min', bound: min, before: undefined });
  if (max !== undefined && value > max)
    broken.push({ metric, value, limit: 'max', bound: max, before: undefined });
  if (maxRegression === undefined || before === undefined || !Number.isFinite(before)) return broken;
  const room = Math.abs(before) * maxRegression;
  const lowerIsBetter = isLowerBetter(limits);
  const bound = lowerIsBetter ? before + room : before - room;
  if (lowerIsBetter ? value > bound : value < bound)
    broken.push({ metric, value, limit: 'maxRegression', bound, before });
  return broken;
}

/** A `max` alone says that lower is better, a `min` alone that higher is; where neither does, lower (errors are most). */
function isLowerBetter({ better, min, max }: MetricLimits): boolean {
  if (better !== undefined) return better === 'lower';
  return max !== undefined || min === undefined;
}

/** The limits of all metrics files by metric. Where two files name one metric, what keeps both is asked of it. */
export function joinedLimits(
  files: readonly Readonly<Record<string, MetricLimits>>[],
): Readonly<Record<string, MetricLimits>> {
  const joined = new Map<string, MetricLimits>();
  for (const [metric, limits] of files.flatMap((file) => Object.entries(file))) {
    const known = joined.get(metric);
    joined.set(metric, known === undefined ? limits : both(known, limits));
  }
  return Object.fromEntries(joined);
}

function both(one: MetricLimits, other: MetricLimits): MetricLimits {
  return {
    min: chosen(Math.max, one.min, other.min),
    max: chosen(Math.min, one.max, other.max),
    maxRegression: chosen(Math.min, one.maxRegression, other.maxRegression),
    better: directionOf(one) ?? directionOf(other),
  };
}

function chosen(
  choose: (...of: number[]) => number,
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : choose(one, other);
}

/** What is said of it, or follows from the one limit that it has. */
function directionOf({ better, min, max }: MetricLimits): MetricLimits['better'] {
  if (better !== undefined || (min === undefined) === (max === undefined)) return better;
  return max === undefined ? 'higher' : 'lower';
}
