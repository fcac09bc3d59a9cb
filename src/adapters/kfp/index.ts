import type { Pipelines } from '../../ports/pipelines.ts';
import type { KfpConfig, KfpDeps } from './config.ts';
import { ensureExperiment } from './experiments.ts';
import { readLogTail } from './log-tail.ts';
import { createRun, findRun, terminate } from './runs.ts';
import { createLine } from './send.ts';
import { createNamespaceOf } from './server.ts';
import { findVersion, uploadVersion } from './versions.ts';

/** One environment's Kubeflow Pipelines through its API v2beta1. */
export function createKfpPipelines(config: KfpConfig, deps: KfpDeps): Pipelines {
  const line = createLine(config, deps);
  const namespaceOf = createNamespaceOf(line);
  const pages = (config.ui ?? config.url).replace(/\/+$/, '');
  return {
    findVersion: (pipeline, version, signal) => findVersion(line, namespaceOf, { pipeline, version }, signal),
    uploadVersion: (wanted, signal) => uploadVersion(line, namespaceOf, wanted, signal),
    experiment: async (name, signal) => ensureExperiment(line, name, await namespaceOf(signal), signal),
    findRun: (query, signal) => findRun(line, query, signal),
    createRun: (run, signal) => createRun(line, run, signal),
    terminate: (id, signal) => terminate(line, id, signal),
    logTail: (run, pod, lines, signal) => readLogTail(line, { run, pod, lines }, signal),
    runUrl: (id) => `${pages}/#/runs/details/${encodeURIComponent(id)}`,
  };
}
