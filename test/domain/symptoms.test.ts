import { describe, expect, test } from 'vitest';
import type { OperationsState } from '../../src/domain/operations.ts';
import { subjectWords } from '../../src/domain/operations.ts';
import { ageOf, symptomsOf } from '../../src/domain/symptoms.ts';

const now = new Date('2026-05-04T10:00:00.000Z');
const limits = { waitingMs: 600_000, activeMs: 1_200_000 };
const ids = { host: 'corp', repositoryId: '12', number: 7 };

function minutesAgo(minutes: number): string {
  return new Date(now.getTime() - minutes * 60_000).toISOString();
}

function worker(minutes: number): OperationsState['workers'][number] {
  const at = now.toISOString();
  const jobs = [{ kind: 'gate-change', ids, since: minutesAgo(minutes) }];
  const about = { host: 'h', pid: 1, version: '1.0.0', queues: ['gate'], started: at, at, loopDelayMs: 0 };
  return { id: 'h-1', jobs, ...about };
}

function state(other: Partial<OperationsState>): OperationsState {
  const queues = [
    { queue: 'gate', waiting: 0, active: 0, oldestWaiting: undefined, oldestActive: undefined },
  ];
  return {
    pause: undefined,
    queues,
    wakeUps: { count: 0, next: undefined },
    workers: [worker(1)],
    failed: 0,
    ...other,
  };
}

function waiting(queue: string, minutes: number): Pick<OperationsState, 'queues'> {
  const oldestWaiting = minutesAgo(minutes);
  return { queues: [{ queue, waiting: 3, active: 0, oldestWaiting, oldestActive: undefined }] };
}

const pause = { at: minutesAgo(60), actor: 'ops', reason: 'moving' };

describe('symptoms', () => {
  test.each<[string, Partial<OperationsState>, readonly string[]]>([
    ['all is well', {}, []],
    ['no worker', { workers: [] }, ['no-worker error']],
    ['no worker, and jobs wait', { workers: [], ...waiting('gate', 60) }, ['no-worker error']],
    ['a job waits for long', waiting('gate', 11), ['waiting-long error']],
    ['a job waits for a while', waiting('gate', 10), []],
    ['paused', { pause }, ['paused note']],
    ['paused, and jobs wait', { pause, ...waiting('gate', 60) }, ['paused note']],
    [
      'paused, and other jobs wait',
      { pause, ...waiting('upkeep', 60) },
      ['paused note', 'waiting-long error'],
    ],
    ['paused, and releases wait', { pause, ...waiting('release', 60) }, ['paused note']],
    ['a slow job', { workers: [worker(21)] }, ['active-long error']],
    ['a job of a usual length', { workers: [worker(19)] }, []],
    ['jobs fail', { failed: 2 }, ['jobs-fail note']],
  ])('%s — looked at — told', (_what, other, expected) => {
    const symptoms = symptomsOf(state(other), now, limits);
    expect(symptoms.map(({ code, level }) => `${code} ${level}`)).toEqual(expected);
  });

  test('a slow job — told — names job, age and worker', () => {
    const [symptom] = symptomsOf(state({ workers: [worker(90)] }), now, limits);
    expect(symptom?.what).toBe('a job gate-change (corp 12 change 7) is at work for 1h 30m on h-1');
  });

  test('releases that nobody takes — told — name what is missing', () => {
    const [symptom] = symptomsOf(state(waiting('release', 60)), now, limits);
    expect(symptom?.what).toContain('no worker takes it');
    expect(symptom?.remedy).toContain('modelgate worker --role release');
  });

  test('a clock that is ahead — is no age', () => {
    expect(ageOf(minutesAgo(-5), now)).toBe(0);
  });

  test.each([
    [ids, 'corp 12 change 7'],
    [{ host: 'corp', repositoryId: '12', sha: 'abc', pipelineId: 3 }, 'corp 12 abc'],
    [
      { host: 'hub', repositoryId: '9', branch: 'gh-readonly-queue/main/pr-7' },
      'hub 9 gh-readonly-queue/main/pr-7',
    ],
    [{ host: 'corp', repositoryId: '12', tip: 'main' }, 'corp 12 branch main'],
    [{ host: 'corp', repositoryId: '12', tip: 'main', environment: 'prod' }, 'corp 12 branch main to prod'],
    [{}, ''],
  ])('%j — as words — is %s', (of, words) => expect(subjectWords(of)).toBe(words));
});
