import type { KubeflowKnobs } from '../config.ts';
import type { RunRow } from '../state.ts';
import type { TaskScript } from './script.ts';

/** `RuntimeState` of the API, as far as it occurs. */
export type RunState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'SKIPPED' | 'FAILED' | 'CANCELING' | 'CANCELED';

/** A task that was or will be started; times in milliseconds since 1970. */
export interface PlayedTask {
  readonly name: string;
  readonly after: readonly string[];
  readonly start: number;
  /** Undefined where it never ends. */
  readonly end: number | undefined;
  readonly outcome: 'SUCCEEDED' | 'FAILED' | 'CACHED';
  readonly log: string | undefined;
}

/** What the Workflow does from its beginning to its end, whatever the time is. */
export interface Life {
  readonly start: number;
  readonly end: number | undefined;
  readonly outcome: RunState;
  /** It ended because it was told to. */
  readonly isTerminated: boolean;
  readonly tasks: readonly PlayedTask[];
}

/** What the persistence agent has told of a run until now. */
export interface Report {
  readonly state: RunState;
  readonly finishedAt: Date | undefined;
  readonly history: readonly { readonly state: RunState; readonly at: Date }[];
  /** What is later than this has not been told yet. */
  readonly until: number;
}

/** Plays a run's script to its end, or to where it was terminated. */
export function lifeOf(run: RunRow, knobs: KubeflowKnobs): Life {
  const { playing } = run;
  const start = run.createdAt.getTime() + playing.pendingMs;
  const tasks = playTasks(playing.tasks, start, playing.never);
  const ends = tasks.map((task) => task.end ?? Number.POSITIVE_INFINITY);
  const last = playing.never ? Number.POSITIVE_INFINITY : Math.max(start, ...ends);
  const whole = {
    start,
    tasks,
    outcome: playing.outcome,
    isTerminated: false,
    end: last === Number.POSITIVE_INFINITY ? undefined : last,
  };
  const stop = run.terminatedAt?.getTime();
  if (stop === undefined || last <= stop) return whole;
  const end = stop + playing.terminateMs;
  const begun = tasks.filter((task) => task.start <= stop).map((task) => cut(task, stop, end));
  return {
    start: Math.min(start, end),
    end,
    outcome: knobs.terminatedEndsAs,
    isTerminated: true,
    tasks: begun,
  };
}

function playTasks(script: readonly TaskScript[], start: number, never: boolean): readonly PlayedTask[] {
  const played = new Map<string, PlayedTask>();
  for (const [index, task] of script.entries()) {
    const before = script[index - 1]?.name;
    const after = task.after ?? (before === undefined ? [] : [before]);
    const needed = after.map((name) => played.get(name));
    if (needed.some((other) => other === undefined || other.outcome === 'FAILED')) continue;
    const begin = Math.max(start, ...needed.map((other) => other?.end ?? start));
    const endless = never && index === script.length - 1;
    played.set(task.name, {
      name: task.name,
      after,
      start: begin,
      end: endless ? undefined : begin + task.seconds * 1000,
      outcome: task.outcome ?? 'SUCCEEDED',
      log: task.log,
    });
  }
  return [...played.values()];
}

function cut(task: PlayedTask, stop: number, end: number): PlayedTask {
  return task.end !== undefined && task.end <= stop ? task : { ...task, end, outcome: 'FAILED' };
}

/** What the API knows of a life: all of it late, but a termination at once. */
export function reportOf(run: RunRow, life: Life | undefined, now: Date, knobs: KubeflowKnobs): Report {
  const until = now.getTime() - knobs.reportLagMs;
  const told = (at: number): Date => new Date(at + knobs.reportLagMs);
  const history: { state: RunState; at: Date }[] = [{ state: 'PENDING', at: run.createdAt }];
  let state: RunState = 'PENDING';
  if (life !== undefined && until >= life.start) {
    state = 'RUNNING';
    history.push({ state, at: told(life.start) });
  }
  if (run.terminatedAt !== undefined) {
    state = 'CANCELING';
    const at = run.terminatedAt.getTime();
    if (life?.isTerminated === true && until >= at) history.push({ state, at: told(at) });
  }
  if (life?.end === undefined || until < life.end) return { state, finishedAt: undefined, history, until };
  history.push({ state: life.outcome, at: told(life.end) });
  return { state: life.outcome, finishedAt: new Date(life.end), history, until };
}
