import type { RedisProblem } from '../adapters/redis/health.ts';
import { redisChecks } from '../adapters/redis/health.ts';
import type { OperationsState } from '../domain/operations.ts';
import { judges, symptomsOf } from '../domain/symptoms.ts';
import type { StuckLimits, Symptom } from '../domain/symptoms.ts';
import type { ReadyCheck } from '../http/readiness.ts';
import { plural } from '../report/text.ts';

/** What the symptoms of each kind are called in `/readyz`, and what is said where there are none. */
const checks: Readonly<
  Record<Symptom['code'], { readonly name: string; readonly fine: (state: OperationsState) => string }>
> = {
  'no-worker': {
    name: 'workers',
    fine: ({ workers }) => `${plural(workers.filter(judges).length, 'worker')} at work`,
  },
  paused: { name: 'effects', fine: () => 'not paused' },
  'waiting-long': { name: 'waiting jobs', fine: ({ queues }) => `${sum(queues, 'waiting')} wait` },
  'active-long': { name: 'jobs at work', fine: ({ queues }) => `${sum(queues, 'active')} at work` },
  'jobs-fail': { name: 'failed jobs', fine: () => 'none' },
};

/**
 * Every thing that readiness looks at. Only trouble of Redis makes a process unable to serve: stuck jobs and absent
 * workers are told, and webhooks are taken in all the same.
 */
export function readyChecks(found: {
  readonly problems: readonly RedisProblem[];
  /** undefined: Redis did not tell. */
  readonly state: OperationsState | undefined;
  readonly limits: StuckLimits;
  readonly notes: readonly string[];
  readonly now: Date;
}): readonly ReadyCheck[] {
  const { problems, state, limits, notes, now } = found;
  return [
    ...redisChecks.map((check) => redisCheck(check, problems)),
    ...(state === undefined ? [] : operationChecks(state, now, limits)),
    ...notes.map((what) => ({ check: 'configuration', state: 'note', what }) as const),
  ];
}

function redisCheck(check: (typeof redisChecks)[number], problems: readonly RedisProblem[]): ReadyCheck {
  const name = `redis ${check}`;
  const problem = problems.find((candidate) => candidate.check === check);
  if (problem !== undefined) {
    const { level, what, remedy } = problem;
    return { check: name, state: level === 'error' ? 'error' : 'note', what, remedy };
  }
  const unknown = problems.some((candidate) => candidate.check === 'reachable');
  return { check: name, state: unknown ? 'unknown' : 'ok' };
}

function operationChecks(state: OperationsState, now: Date, limits: StuckLimits): readonly ReadyCheck[] {
  const symptoms = symptomsOf(state, now, limits);
  return Object.entries(checks).flatMap(([code, { name, fine }]): readonly ReadyCheck[] => {
    const mine = symptoms.filter((symptom) => symptom.code === code);
    if (mine.length === 0) return [{ check: name, state: 'ok', what: fine(state) }];
    if (code === 'active-long') return [{ check: name, state: 'note', ...slowJobs(mine.length) }];
    return mine.map(({ what, remedy }) => ({ check: name, state: 'note', what, remedy }));
  });
}

/** Everybody may read this: the repositories they are about, and the machines they run on, are for operators. */
function slowJobs(count: number): Pick<ReadyCheck, 'what' | 'remedy'> {
  const remedy = 'modelgate jobs workers and the page /operations name them, and say where they run.';
  return { what: `${plural(count, 'job')} at work for longer than usual`, remedy };
}

function sum(queues: OperationsState['queues'], of: 'waiting' | 'active'): number {
  return queues.reduce((total, queue) => total + queue[of], 0);
}
