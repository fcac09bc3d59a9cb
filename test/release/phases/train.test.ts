import { describe, expect, test } from 'vitest';
import type { Production } from '../../../src/domain/policy.ts';
import type { Sha } from '../../../src/domain/repository.ts';
import type { Release } from '../../../src/domain/release.ts';
import type { TrainingTask } from '../../../src/domain/training.ts';
import type { PipelineRun } from '../../../src/ports/pipelines.ts';
import { nextOfTrain } from '../../../src/release/phases/train/next.ts';
import { ago, asked, production, sampleRelease, sampleRun, sha, timing } from '../sample.ts';

const minute = 60_000;

function next(
  run: PipelineRun | undefined,
  {
    release = {},
    policy = {},
    newer,
  }: {
    readonly release?: Partial<Release>;
    readonly policy?: Partial<Production>;
    readonly newer?: Sha;
  } = {},
) {
  const plan = { production: { ...production, ...policy }, limits: {}, pipelineDigest: 'd' };
  const replaced = newer !== undefined && plan.production.whenNewer === 'replace';
  const seen = { run, timing, replaced };
  return nextOfTrain(asked(sampleRelease({ phase: 'train', plan, ...release }), seen, { newer }));
}

const task = (over: Partial<TrainingTask>): TrainingTask => ({
  name: 'train',
  state: 'succeeded',
  started: undefined,
  finished: undefined,
  node: 'pod-1',
  logTail: [],
  ...over,
});

describe('no run is there', () => {
  test('nothing was asked for — it is', () => {
    expect(next(undefined)).toMatchObject({ kind: 'act', effect: { name: 'create-run' } });
  });

  test.each([
    ['a moment ago', 1000],
    ['four minutes ago', 4 * minute],
  ])('one was asked for %s — it is looked for, never asked for twice', (_when, ms) => {
    expect(next(undefined, { release: { intents: { 'create-run': ago(ms) } } })).toMatchObject({
      kind: 'wait',
    });
  });

  test('one was asked for, and the server cannot have it any more — it is asked for again', () => {
    const intents = { 'create-run': ago(timing.lostAnswerMs) };

    expect(next(undefined, { release: { intents } })).toMatchObject({
      kind: 'act',
      effect: { name: 'create-run' },
    });
  });

  test('it was there before — somebody deleted it, and another attempt may be made', () => {
    const { training } = sampleRelease();
    const seenBefore = training && { ...training, serverRunId: 'r1' };

    expect(next(undefined, { release: { training: seenBefore } })).toMatchObject({
      kind: 'end',
      outcome: 'failed',
      again: true,
    });
  });
});

describe('a run under way', () => {
  test.each([
    ['its first minute', 30_000, timing.pollMs[0]],
    ['later', 10 * minute, timing.pollMs[1]],
  ])('%s — looked at again after so long', (_when, age, ms) => {
    expect(next(sampleRun({ created: ago(age) }))).toMatchObject({ kind: 'wait', ms });
  });

  test('what is seen of it is kept', () => {
    const run = sampleRun({ id: 'r9', tasks: [task({ state: 'running' })] });

    expect(next(run)).toMatchObject({
      facts: { training: { serverRunId: 'r9', state: 'running', tasks: run.tasks } },
    });
  });

  test('over its deadline — terminated, once', () => {
    const old = sampleRun({ created: ago(61 * minute) });

    expect(next(old)).toMatchObject({ kind: 'act', effect: { name: 'terminate-run' } });
    expect(next(old, { release: { intents: { 'terminate-run': ago(1000) } } })).toMatchObject({
      kind: 'wait',
    });
  });

  test('told to end, and does not — the release ends without it', () => {
    const told = { intents: { 'terminate-run': ago(timing.cancelMs + 1) } };

    expect(next(sampleRun({ created: ago(70 * minute) }), { release: told })).toMatchObject({
      kind: 'end',
      outcome: 'failed',
    });
  });

  test('told to end, and goes on, because the word was lost — told again, and no more often than it is looked at', () => {
    const old = sampleRun({ created: ago(61 * minute) });
    const told = { 'terminate-run': ago(timing.pollMs[1]) };

    expect(next(old, { release: { intents: told } })).toMatchObject({
      kind: 'act',
      effect: { name: 'terminate-again' },
    });
    expect(next({ ...old, state: 'canceling' }, { release: { intents: told } }).kind).toBe('wait');
    const again = { ...told, 'terminate-again': ago(1000) };
    expect(next(old, { release: { intents: again } }).kind).toBe('wait');
  });

  test('told to end for a newer commit, and does not — superseded all the same, so that the newer one includes it', () => {
    const told = { intents: { 'terminate-run': ago(timing.cancelMs + 1) } };
    const asked = { release: told, policy: { whenNewer: 'replace' }, newer: sha('b') } as const;

    expect(next(sampleRun(), asked)).toMatchObject({ kind: 'end', outcome: 'superseded' });
  });

  test.each([
    ['finish', 'wait'],
    ['replace', 'act'],
  ] as const)('a newer commit waits, whenNewer is %s — %s', (whenNewer, kind) => {
    expect(next(sampleRun(), { policy: { whenNewer }, newer: sha('b') }).kind).toBe(kind);
  });
});

describe('a run at its end', () => {
  test('succeeded — its model is collected', () => {
    expect(next(sampleRun({ state: 'succeeded' }))).toMatchObject({ kind: 'go', to: 'collect' });
  });

  test('succeeded, and the policy names no model — that is all', () => {
    expect(next(sampleRun({ state: 'succeeded' }), { policy: { model: undefined } })).toMatchObject({
      kind: 'end',
      outcome: 'released',
    });
  });

  test('a task failed — named, with the last line of its log, and not tried again', () => {
    const tasks = [
      task({}),
      task({ name: 'evaluate', state: 'failed', logTail: ['…', 'ValueError: no rows'] }),
    ];
    const ended = next(sampleRun({ state: 'failed', tasks }));

    expect(ended).toMatchObject({ kind: 'end', outcome: 'failed' });
    expect(ended).toHaveProperty('reason', 'the task "evaluate" of the run failed: ValueError: no rows');
    expect(ended).not.toHaveProperty('again');
  });

  test('failed without a failed task — the platform is at fault: another attempt', () => {
    expect(next(sampleRun({ state: 'failed', trouble: 'node lost' }))).toMatchObject({
      outcome: 'failed',
      again: true,
      reason: expect.stringContaining('node lost'),
    });
  });

  test.each([
    ['by us, for a newer commit', { 'terminate-run': ago(1000) }, sha('b'), 'superseded'],
    ['by us, for its deadline', { 'terminate-run': ago(1000) }, undefined, 'failed'],
    ['by somebody else', {}, undefined, 'failed'],
  ] as const)('terminated %s', (_who, intents, newer, outcome) => {
    const policy = { whenNewer: 'replace' } as const;
    const waiting = newer === undefined ? {} : { newer };

    expect(
      next(sampleRun({ state: 'canceled' }), { release: { intents }, policy, ...waiting }),
    ).toMatchObject({ kind: 'end', outcome });
  });
});
