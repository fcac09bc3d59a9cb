import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import {
  beginNext,
  candidateOf,
  isOverLimit,
  newRelease,
  settle,
  tryAgain,
} from '../../src/release/candidates.ts';
import { sampleRun } from '../support/sample-run.ts';
import { ago, now, sampleLine, sampleRelease, sha } from './sample.ts';

const at = now.toISOString();
const settled = { commit: sha('9'), releaseId: 'r9', at };
const candidate = { commit: sha('a'), branch: 'main', attempt: 1 };

describe('what wants to be released', () => {
  function tip(over: Partial<Run> = {}): Run {
    const run = sampleRun();
    return {
      ...run,
      state: 'judged',
      trouble: undefined,
      decision: { verdict: 'passed', blocking: false },
      change: { ...run.change, head: sha('a') },
      ...over,
    };
  }

  test.each<[string, Run | undefined, Parameters<typeof sampleLine>[0], boolean]>([
    ['a green tip', tip(), {}, true],
    ['a red tip', tip({ decision: { verdict: 'failed', blocking: true } }), {}, false],
    ['a red tip that only advises', tip({ decision: { verdict: 'failed', blocking: false } }), {}, true],
    ['an undecided tip', tip({ decision: { verdict: 'undecided', blocking: true } }), {}, false],
    ['a tip that could not be judged', tip({ trouble: 'no time' }), {}, false],
    ['a tip that is being judged', tip({ state: 'running' }), {}, false],
    ['no tip', undefined, {}, false],
    [
      'the commit that serves',
      tip(),
      { settled, released: { ...settled, commit: sha('a'), metrics: {} } },
      false,
    ],
    ['the commit that was decided on', tip(), { settled: { ...settled, commit: sha('a') } }, false],
    ['the commit under way', tip(), { active: candidate }, false],
    ['the commit that waits', tip(), { waiting: candidate }, false],
  ])('%s', (_what, run, line, wanted) => {
    expect(candidateOf(sampleLine(line), run) !== undefined).toBe(wanted);
  });
});

describe('one after the other', () => {
  test('what waits begins when nothing is under way, and nothing is held', () => {
    expect(beginNext(sampleLine({ waiting: candidate }), now)).toMatchObject({
      active: candidate,
      waiting: undefined,
      started: [at],
    });
    expect(beginNext(sampleLine({ waiting: candidate, active: candidate }), now)).toBeUndefined();
    const hold = { at, actor: 'ada', reason: 'x', remedy: 'y' };
    expect(beginNext(sampleLine({ waiting: candidate, hold }), now)).toBeUndefined();
  });

  test('the limit of a day counts what began within 24 hours', () => {
    const line = sampleLine({ started: [ago(25 * 3_600_000), ago(1000), ago(500)] });

    expect(isOverLimit(line, 3, now)).toBe(false);
    expect(isOverLimit(line, 2, now)).toBe(true);
  });

  test('released — the base of the next change set, with its metrics', () => {
    const model = { format: 'sklearn', files: [], metrics: { rmse: 3 }, told: '' };
    const line = settle(sampleLine({ active: candidate }), sampleRelease({ outcome: 'released', model }), at);

    expect(line).toMatchObject({
      active: undefined,
      settled: { commit: sha('a') },
      released: { metrics: { rmse: 3 } },
    });
  });

  test('failed — decided, and what was released before stays the base', () => {
    const released = { ...settled, metrics: {} };
    const line = settle(
      sampleLine({ active: candidate, released }),
      sampleRelease({ outcome: 'failed' }),
      at,
    );

    expect(line).toMatchObject({ settled: { commit: sha('a') }, released });
  });

  test('superseded — not decided: the next one includes it', () => {
    const line = settle(
      sampleLine({ active: candidate, settled }),
      sampleRelease({ outcome: 'superseded' }),
      at,
    );

    expect(line).toMatchObject({ active: undefined, settled });
  });

  test('the platform failed — another attempt, once, and not if something newer waits', () => {
    const failed = sampleRelease({ outcome: 'failed', intents: { [tryAgain]: at } });

    expect(settle(sampleLine({ active: candidate }), failed, at).waiting).toEqual({
      ...candidate,
      attempt: 2,
    });
    expect(settle(sampleLine({ active: candidate }), { ...failed, attempt: 2 }, at).waiting).toBeUndefined();
    const newer = { ...candidate, commit: sha('b') };
    const line = settle(sampleLine({ active: candidate, waiting: newer, settled }), failed, at);
    // Not decided on: the newer commit is released with what this one changed.
    expect(line).toMatchObject({ active: undefined, waiting: newer, settled });
  });

  test('nothing to release — does not count for the day', () => {
    const line = sampleLine({ active: candidate, started: [ago(1000)] });

    expect(settle(line, sampleRelease({ outcome: 'nothing-to-release' }), at).started).toEqual([]);
  });

  test('the host knows of a release that we do not — its run is looked for before one is asked for', () => {
    expect(newRelease(sampleLine(), candidate, { at, seenBefore: true }).intents).toEqual({
      'create-run': at,
    });
    expect(newRelease(sampleLine(), candidate, { at, seenBefore: false }).intents).toEqual({});
  });
});
