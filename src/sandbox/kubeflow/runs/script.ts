import type { RunView } from './view.ts';

/** A task's part of a script. */
export interface TaskScript {
  readonly name: string;
  /** From the start of its driver to its end. */
  readonly seconds: number;
  /** SUCCEEDED unless told otherwise; CACHED is a success whose executor never starts. */
  readonly outcome?: 'SUCCEEDED' | 'FAILED' | 'CACHED';
  /** Tasks it waits for; the one before it in the list where this is left out. */
  readonly after?: readonly string[];
  /** What its pod prints. */
  readonly log?: string;
}

/** How a run goes, on the sandbox's clock. */
export interface RunScript {
  /** The root's tasks of the pipeline, ten seconds each, where this is left out. */
  readonly tasks?: readonly TaskScript[];
  /** FAILED where a task fails, else SUCCEEDED, unless told otherwise. */
  readonly outcome?: 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'CANCELED';
  /** The last task never ends. */
  readonly never?: boolean;
  /** Between the Workflow object and its first step; 2 where this is left out. */
  readonly pendingSeconds?: number;
  /** How long the Workflow takes to end after it was told to; 5 where this is left out. */
  readonly terminateSeconds?: number;
  /** Done once, before the first answer that shows the run as ended, or by `settle`. */
  readonly atEnd?: (run: RunView) => void | Promise<void>;
}

/** A script for one run, with nothing left open. */
export interface Playing {
  readonly tasks: readonly TaskScript[];
  readonly outcome: 'SUCCEEDED' | 'FAILED' | 'SKIPPED' | 'CANCELED';
  readonly never: boolean;
  readonly pendingMs: number;
  readonly terminateMs: number;
  readonly atEnd: (run: RunView) => void | Promise<void>;
}

/** Which runs a script is for; the most exact one counts, and of these the newest. */
export type RunTarget = 'next' | 'every' | { readonly runId: string } | { readonly pipeline: string };

/** What is known of a run when its script is chosen. */
export interface NewRun {
  readonly id: string;
  readonly pipeline: string;
  /** The root's tasks, producers first. */
  readonly tasks: readonly string[];
}

/** Scripts that wait for their runs. */
export interface Scripts {
  add(target: RunTarget, script: RunScript): void;
  /** A run that is posted again keeps its script. */
  choose(run: NewRun): Playing;
}

/** Every run succeeds at first. */
export function createScripts(): Scripts {
  const byRun = new Map<string, RunScript>();
  const byPipeline = new Map<string, RunScript>();
  const next: RunScript[] = [];
  let every: RunScript = {};
  return { add, choose };

  function add(target: RunTarget, script: RunScript): void {
    if (target === 'next') next.push(script);
    else if (target === 'every') every = script;
    else if ('runId' in target) byRun.set(target.runId, script);
    else byPipeline.set(target.pipeline, script);
  }

  function choose(run: NewRun): Playing {
    const own = byRun.get(run.id) ?? next.shift() ?? byPipeline.get(run.pipeline) ?? every;
    byRun.set(run.id, own);
    return playingOf(own, run.tasks);
  }
}

/** Fills in what a script leaves open. */
export function playingOf(script: RunScript, names: readonly string[]): Playing {
  const tasks: readonly TaskScript[] = script.tasks ?? names.map((name) => ({ name, seconds: 10 }));
  const fails = tasks.some((task) => task.outcome === 'FAILED');
  return {
    tasks,
    outcome: script.outcome ?? (fails ? 'FAILED' : 'SUCCEEDED'),
    never: script.never ?? false,
    pendingMs: (script.pendingSeconds ?? 2) * 1000,
    terminateMs: (script.terminateSeconds ?? 5) * 1000,
    atEnd: script.atEnd ?? (() => undefined),
  };
}
