import { describe, expect, test } from 'vitest';
import { workerStates } from '../../../src/adapters/redis/heartbeat.ts';
import { createPauseSwitch } from '../../../src/adapters/redis/pause.ts';
import { AbortError, RetryableError } from '../../../src/errors.ts';
import { eventually } from '../../support/redis.ts';
import { gateChange, keys, nothingLeft, queue, redis, start } from './queue-world.ts';

describe('the list of failed jobs', () => {
  test('a job that throws — listed with why, how often and when next; done — gone', async () => {
    let wrong = true;
    const { failures, told } = start(async () => {
      if (wrong) throw new RetryableError('the host answered 502');
    });
    await queue.poke(gateChange(7));
    await eventually('it failed twice', async () => (await failures.list(10))[0]?.attempts === 2);
    const [job] = await failures.list(10);
    expect(job).toMatchObject({
      key: 'gate-change/corp/12/7',
      queue: 'gate',
      kind: 'gate-change',
      ids: { host: 'corp', repositoryId: '12', number: 7 },
      reason: 'the host answered 502',
      newer: false,
    });
    expect(new Date(job!.since).getTime()).toBeLessThan(new Date(job!.last).getTime());
    expect(new Date(job!.next!).getTime()).toBeGreaterThan(new Date(job!.last).getTime());
    expect(told).toContain('modelgate_job_failures_total{gate-change,outside}');

    wrong = false;
    await eventually('it is gone', async () => (await failures.count()) === 0);
    await eventually('nothing is left', nothingLeft);
  });

  test('a defect — listed as one; trouble that the handler tells of — listed as it is', async () => {
    const next = new Date(Date.now() + 3_600_000).toISOString();
    const { failures, told } = start(async ({ kind }) => {
      if (kind === 'sweep') throw new TypeError('x is not a function\n  and more');
      return { reason: 'GitLab is away', cause: 'outside', attempts: 2, next };
    });
    await queue.poke(gateChange(7));
    await queue.poke({ kind: 'sweep', ids: {} });
    await eventually('both are listed', async () => (await failures.count()) === 2);
    const listed = await failures.list(10);
    expect(listed.find(({ kind }) => kind === 'gate-change')).toMatchObject({
      reason: 'GitLab is away',
      attempts: 2,
      next,
    });
    expect(listed.find(({ kind }) => kind === 'sweep')?.reason).toBe(
      'a defect of modelgate: x is not a function',
    );
    expect(told).toContain('modelgate_job_failures_total{sweep,defect}');
    expect(told).toContain('modelgate_job_failures_total{gate-change,outside}');
  });

  test('a command that is given up — stays listed, without a next try', async () => {
    const { failures } = start(async () => {
      throw new RetryableError('away');
    });
    await queue.poke({
      kind: 'run-command',
      ids: { host: 'corp', repositoryId: '12', number: 7, commentId: 3 },
    });
    await eventually('given up', async () => (await failures.list(1))[0]?.attempts === 3);
    expect((await failures.list(1))[0]?.next).toBeUndefined();
  });

  test('a payload of a newer version — handed back — is listed as such, and as it came', async () => {
    const { failures } = start(async () => undefined);
    const payload = { v: 2, kind: 'release', ids: { host: 'corp' }, extra: 'kept' };
    await queue.pokeStored({ key: 'release/corp', queue: 'gate', payload, at: new Date() });
    await eventually('listed', async () => (await failures.count()) === 1);
    expect(await failures.list(1)).toMatchObject([
      { kind: 'release', newer: true, reason: expect.stringContaining('payload version 2') },
    ]);
    expect((await failures.find('release/corp'))?.payload).toEqual(payload);
  });

  test('aborted because effects are paused — is due again, and no failure', async () => {
    let paused = true;
    let tries = 0;
    const { failures, told } = start(async () => {
      tries += 1;
      if (paused) throw new AbortError('paused');
    });
    await queue.poke(gateChange(7));
    await eventually('tried twice', () => tries >= 2);
    paused = false;
    await eventually('nothing is left', nothingLeft);
    expect(await failures.count()).toBe(0);
    expect(told.filter((text) => text.startsWith('modelgate_job_failures_total'))).toEqual([]);
    expect(told).toContain('modelgate_job_seconds{gate-change,done}');
  });
});

describe('a pause of effects', () => {
  const pause = { at: '2026-05-04T10:00:00.000Z', actor: 'ops', reason: 'moving' };

  test('paused — jobs that write wait in their queue, others run; resumed — they run', async () => {
    const seen: string[] = [];
    const { pauseSwitch, worker, messages } = start(async ({ kind }) => void seen.push(kind));
    await pauseSwitch.set(pause);
    await eventually('held', () =>
      ['gate', 'release'].every((wanted) =>
        worker.hearing().lanes.some(({ queue: name, held }) => held && name === wanted),
      ),
    );
    await queue.poke(gateChange(7));
    await queue.poke({ kind: 'release', ids: { host: 'corp', repositoryId: '12', environment: 'prod' } });
    await queue.poke({ kind: 'sweep', ids: {} });
    await eventually('the sweep ran', () => seen.includes('sweep'));
    // One that was being fetched is put back.
    const waiting = async (): Promise<readonly number[]> =>
      (await queue.depths()).map((depth) => depth.waiting);
    await eventually('the others wait', async () => (await waiting()).join() === '1,1,0');
    expect(seen).toEqual(['sweep']);

    await pauseSwitch.clear();
    await eventually('they ran', () => seen.includes('gate-change') && seen.includes('release'));
    await eventually('nothing is left', nothingLeft);
    expect(messages().filter((text) => /paused/.test(text))).toHaveLength(2);
  });

  test('paused when the worker starts — many jobs — none is done; resumed — all are, once', async () => {
    const switchOnly = createPauseSwitch(redis.client, keys);
    await switchOnly.set(pause);
    const seen: unknown[] = [];
    const { worker } = start(async ({ ids }) => {
      if ((await switchOnly.current()) !== undefined) throw new AbortError('paused');
      seen.push(ids['number']);
    });
    for (let number = 1; number <= 20; number += 1) await queue.poke(gateChange(number));
    await eventually('held', () => worker.hearing().lanes.some(({ held }) => held));
    expect(seen).toEqual([]);
    await switchOnly.clear();
    await eventually('nothing is left', nothingLeft);
    expect(seen.toSorted((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });
});

test('a delivery that arrived — its job starts — the wait is told once, and a retry tells none', async () => {
  let tries = 0;
  const { told } = start(async () => {
    tries += 1;
    if (tries === 1) throw new RetryableError('away');
  });
  await queue.poke(gateChange(7), new Date(Date.now() - 5000));
  await eventually('nothing is left', async () => tries === 2 && (await nothingLeft()));
  expect(told.filter((text) => text.startsWith('modelgate_event_to_start_seconds'))).toEqual([
    'modelgate_event_to_start_seconds{gate-change}',
  ]);
});

test('a worker at work — its heartbeat — names the job and since when', async () => {
  let letGo = (): void => undefined;
  start(() => new Promise<void>((resolve) => (letGo = resolve)));
  await queue.poke(gateChange(7));
  await eventually('told', async () => {
    const [worker] = await workerStates(redis.client, keys);
    return worker?.jobs[0]?.kind === 'gate-change' && worker.jobs[0].ids['number'] === 7;
  });
  const [gate] = await queue.depths();
  expect(gate).toMatchObject({ active: 1, oldestActive: expect.stringMatching(/^20/) });
  letGo();
});
