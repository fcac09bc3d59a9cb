import { beforeEach, describe, expect, test } from 'vitest';
import { watchHeads } from '../../src/gate/watch-heads.ts';
import { createHandClock, type HandClock } from '../support/hand-clock.ts';
import { createMemoryRuns, type MemoryRuns } from '../support/memory-runs.ts';
import { never, subject } from '../support/gate-world.ts';
import { sampleSha } from '../support/sample-run.ts';

describe('watchHeads', () => {
  let clock: HandClock;
  let store: MemoryRuns;
  beforeEach(async () => {
    clock = createHandClock();
    store = createMemoryRuns();
    await store.addHead(subject, sampleSha('a'));
  });

  test('no other head — nothing happens', async () => {
    const watch = await watchHeads(subject, { store, clock }, never);
    await store.addHead(subject, sampleSha('a'));
    await clock.advance(10_000);
    expect(watch.signal.aborted).toBe(false);
  });

  test('a head that was not known — aborts as superseded', async () => {
    const watch = await watchHeads(subject, { store, clock }, never);
    await store.addHead(subject, sampleSha('b'));
    await clock.advance(2_000);
    expect(watch.signal.reason).toMatchObject({ reason: 'superseded' });
  });

  test('records that cannot be read now — the watch goes on', async () => {
    let away = false;
    const shaky = {
      ...store,
      heads: () => (away ? Promise.reject(new Error('away')) : store.heads(subject)),
    };
    const watch = await watchHeads(subject, { store: shaky, clock }, never);
    await store.addHead(subject, sampleSha('b'));
    away = true;
    await clock.advance(2_000);
    expect(watch.signal.aborted).toBe(false);
    away = false;
    await clock.advance(2_000);
    expect(watch.signal.aborted).toBe(true);
  });

  test('stopped while it looks — no timer is left', async () => {
    let answer: () => void = () => undefined;
    let slow = false;
    const held = {
      ...store,
      heads: () =>
        slow ? new Promise<[]>((resolve) => void (answer = () => resolve([]))) : store.heads(subject),
    };
    const watch = await watchHeads(subject, { store: held, clock }, never);
    slow = true;
    await clock.advance(2_000);
    watch.stop();
    answer();
    await new Promise(setImmediate);
    expect(clock.waiting()).toBe(0);
  });

  test('the job’s own signal — aborts too, with its reason', async () => {
    const job = new AbortController();
    const watch = await watchHeads(subject, { store, clock }, job.signal);
    job.abort('shutdown');
    expect(watch.signal.reason).toBe('shutdown');
    watch.stop();
  });
});
