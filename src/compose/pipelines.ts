import { createKfpPipelines } from '../adapters/kfp/index.ts';
import type { Timeouts } from '../net/request.ts';
import type { Pipelines } from '../ports/pipelines.ts';
import type { Foundation } from './foundation.ts';

/** The Kubeflow Pipelines of an environment; undefined: it has none. One adapter for each, made at once. */
export function createPipelinesOf(
  { config, clock, dispatchers }: Pick<Foundation, 'config' | 'clock' | 'dispatchers'>,
  timeouts: Timeouts | undefined,
): (environment: string) => Pipelines | undefined {
  const made = Object.entries(config.environments).flatMap(([environment, { kubeflow }]) => {
    if (kubeflow === undefined) return [];
    const { ca, ...settings } = kubeflow;
    const tls = ca === undefined ? {} : { ca };
    const pipelines = createKfpPipelines({ ...settings, environment, tls, timeouts }, { clock, dispatchers });
    return [[environment, pipelines] as const];
  });
  const byName = new Map(made);
  return (environment) => byName.get(environment);
}
