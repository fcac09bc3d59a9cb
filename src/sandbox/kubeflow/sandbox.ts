import { createFaults, type FaultRule } from '../faults.ts';
import { listenOnLoopback } from '../loopback.ts';
import { createRecent } from '../recent.ts';
import type { KubeflowRequest, Route } from './api/call.ts';
import type { KubeflowFault } from './api/faults.ts';
import { createApi } from './api/server.ts';
import { defaultKnobs, type KubeflowConfig, type KubeflowKnobs } from './config.ts';
import { addExperiment, experimentRoutes } from './experiments.ts';
import { pipelineRoutes } from './pipelines/routes.ts';
import { uploadRoutes } from './pipelines/upload.ts';
import { runRoutes } from './runs/routes.ts';
import { createScripts, playingOf, type RunScript, type RunTarget } from './runs/script.ts';
import { finishRun, viewRun, type RunView } from './runs/view.ts';
import { liveWorkflows, storeDueRows, type WorkflowView } from './runs/workflows.ts';
import type { ExperimentRow, PipelineRow, VersionRow, World } from './state.ts';

/** A Kubeflow Pipelines API server v2beta1 on loopback, in memory. */
export interface KubeflowSandbox {
  /** Without a slash at the end; paths begin with `/apis/`. */
  readonly url: string;
  /** May be changed at any time. */
  readonly knobs: KubeflowKnobs;
  /** The newest 10,000 requests, oldest first. */
  readonly requests: readonly KubeflowRequest[];
  forgetRequests(): void;
  /** Makes requests go wrong; the returned function ends it. */
  fail(rule: FaultRule<KubeflowRequest, KubeflowFault>): () => void;
  /** Says how runs go; `runId` may name a run that is there, or one to come. */
  play(target: RunTarget, script: RunScript): void;
  /** Does what scripts do at the end of their runs, for all that are told as ended by now. */
  settle(): Promise<void>;
  /** Creates an experiment, as a person would in the UI. */
  addExperiment(name: string, namespace?: string): ExperimentRow;
  pipelines(): readonly PipelineRow[];
  versions(): readonly VersionRow[];
  experiments(): readonly ExperimentRow[];
  /** The rows that are stored by now, oldest first. */
  runs(): readonly RunView[];
  /** The Workflow objects in the cluster, with their label `pipeline/runid`. */
  workflows(): readonly WorkflowView[];
  close(): Promise<void>;
}

/** Starts the server. */
export async function createKubeflowSandbox(config: KubeflowConfig): Promise<KubeflowSandbox> {
  const scripts = createScripts();
  const knobs: KubeflowKnobs = { ...defaultKnobs, ...config.knobs };
  const world: World = {
    config,
    knobs,
    now: config.now,
    version: config.version ?? '2.17.0',
    pipelines: [],
    versions: [],
    experiments: [],
    runs: [],
    pendingRuns: [],
    workflows: [],
    choosePlaying: (run) => scripts.choose(run),
  };
  const faults = createFaults<KubeflowRequest, KubeflowFault>();
  const seen = createRecent<KubeflowRequest>(10_000);
  const routes = [
    healthz(world),
    ...uploadRoutes(world),
    ...pipelineRoutes(world),
    ...experimentRoutes(world),
    ...runRoutes(world),
  ];
  const serve = createApi({ world, routes, faults, seen });
  const server = await listenOnLoopback((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, config.port);

  return {
    url: server.url,
    knobs,
    requests: seen.entries,
    forgetRequests: () => seen.clear(),
    fail: (rule) => faults.add(rule),
    play,
    settle,
    addExperiment: (name, namespace = '') => addExperiment(world, name, namespace),
    pipelines: () => world.pipelines,
    versions: () => world.versions,
    experiments: () => world.experiments,
    runs,
    workflows: () => liveWorkflows(world),
    close: () => server.close(),
  };

  function play(target: RunTarget, script: RunScript): void {
    const known = [...world.runs, ...world.pendingRuns.map(({ run }) => run)].filter(
      (run) => typeof target === 'object' && 'runId' in target && run.id === target.runId,
    );
    for (const run of known) {
      const names = run.playing.tasks.map((task) => task.name);
      run.playing = playingOf(script, names);
    }
    if (known.length === 0) scripts.add(target, script);
  }

  function runs(): readonly RunView[] {
    storeDueRows(world);
    return world.runs.map((run) => viewRun(world, run));
  }

  async function settle(): Promise<void> {
    storeDueRows(world);
    for (const run of world.runs) await finishRun(world, run);
  }
}

/** Who the server is; open to all. `tag_name` is what clients switch features by (specs kubeflow 3.5). */
function healthz({ config, version }: World): Route {
  const body = {
    commit_sha: '0000000000000000000000000000000000000000',
    tag_name: version,
    multi_user: config.multiUser === true,
    pipeline_store: 'database',
  };
  return {
    method: 'GET',
    pattern: '/apis/v2beta1/healthz',
    style: 'open',
    handle: () => ({ status: 200, body }),
  };
}
