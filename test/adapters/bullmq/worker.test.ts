import { spawn } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { liveWorkers } from '../../../src/adapters/redis/heartbeat.ts';
import { RetryableError } from '../../../src/errors.ts';
import type { Job } from '../../../src/ports/queue.ts';
import { eventually } from '../../support/redis.ts';
import { startWorker } from './start-worker.ts';
import { gateChange, keys, nothingLeft, queue, redis, start, wakeUps } from './queue-world.ts';

/** A handler whose jobs stay at work until they are let go. */
function createGate() {
  const seen: Job[] = [];
  const signals: AbortSignal[] = [];
  let open: (() => void)[] = [];
  let running = 0;
  let most = 0;
  return {
    seen,
    signals,
    most: () => most,
    running: () => running,
    letGo: () => {
      for (const go of open) go();
      open = [];
    },
    handle: async (job: Job, signal: AbortSignal): Promise<void> => {
      seen.push(job);
      signals.push(signal);
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve, reject) => {
        open.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('aborted', { cause: signal.reason })));
      });
      running -= 1;
    },
  };
}

describe('pokes', () => {
  test('a poke — of each queue — is run, and nothing is left of it', async () => {
    const seen: Job[] = [];
    const { told } = start(async (job) => void seen.push(job));
    await queue.poke(gateChange(7));
    await queue.poke({ kind: 'sweep', ids: {} });

    await eventually('both ran', () => seen.length === 2);
    await eventually('nothing is left', nothingLeft);
    expect(seen).toEqual(expect.arrayContaining([gateChange(7), { kind: 'sweep', ids: {} }]));
    expect(told).toEqual(expect.arrayContaining(['modelgate_job_seconds{gate-change,done}']));
    expect((await redis.client.keys('t:queue:*')).sort()).toEqual(
      ['t:queue:gate:events', 't:queue:gate:id', 't:queue:gate:meta', 't:queue:gate:stalled-check']
        .concat([
          't:queue:release:meta',
          't:queue:release:stalled-check',
          't:queue:upkeep:events',
          't:queue:upkeep:id',
          't:queue:upkeep:meta',
          't:queue:upkeep:stalled-check',
        ])
        .sort(),
    );
  });

  test('poked often while it is at work — afterwards — the last one runs, once', async () => {
    const gate = createGate();
    start(gate.handle);
    await queue.poke(gateChange(7, { attempt: 1 }));
    await eventually('at work', () => gate.running() === 1);
    for (const attempt of [2, 3, 4]) await queue.poke(gateChange(7, { attempt }));

    gate.letGo();
    await eventually('the last one is at work', () => gate.seen.length === 2 && gate.running() === 1);
    gate.letGo();
    await eventually('nothing is left', nothingLeft);
    expect(gate.seen.map((job) => job.ids['attempt'])).toEqual([1, 4]);
    expect(gate.most()).toBe(1);
  });

  test('two workers — many pokes of one change — never at the same time', async () => {
    let running = 0;
    let most = 0;
    const handle = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    start(handle, { id: 'a' });
    start(handle, { id: 'b' });
    for (let index = 0; index < 100; index += 1) await queue.poke(gateChange(7));
    await eventually('nothing is left', nothingLeft);
    expect(most).toBe(1);
  });
});

describe('wake-ups', () => {
  test('stored for soon — with a worker — runs when it is due, and not before', async () => {
    const seen: number[] = [];
    start(async () => void seen.push(Date.now()));
    const at = Date.now() + 400;
    await queue.wakeAt(gateChange(7), new Date(at));
    await eventually('it ran', () => seen.length === 1);
    expect(seen[0]).toBeGreaterThanOrEqual(at);
    await eventually('nothing is left', nothingLeft);
  });

  test('a handler that throws — the first time — is logged and runs again', async () => {
    let tries = 0;
    const { lines, told } = start(() => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('boom')) : Promise.resolve();
    });
    await queue.poke(gateChange(7));
    await eventually('it ran again', () => tries === 2);
    await eventually('nothing is left', nothingLeft);
    expect(lines.find(({ level }) => level === 'error')?.fields).toMatchObject({
      job: 'gate-change',
      number: 7,
      reason: 'boom',
    });
    expect(told).toEqual(
      expect.arrayContaining([
        'modelgate_job_seconds{gate-change,failed}',
        'modelgate_wakeups_poked_total{gate}',
      ]),
    );
  });

  test('a payload of a newer version — met — is handed back as it was and comes again', async () => {
    const { messages } = start(() => Promise.resolve());
    const payload = { v: 2, kind: 'release', ids: { environment: 'prod' } };
    await queue.pokeStored({ key: 'release/prod', queue: 'gate', payload, at: new Date() });

    await eventually('twice', () => messages().filter((text) => text.includes('newer version')).length === 2);
    await eventually('it waits', async () => (await wakeUps.pending()).count === 1);
    expect(JSON.parse((await redis.client.hget(keys.wakeUpJobs, 'release/prod')) ?? '')).toMatchObject({
      queue: 'gate',
      payload,
    });
  });

  test('a stored wake-up for a queue of a newer version — due — stays, and holds up nobody', async () => {
    const seen: Job[] = [];
    const payload = { v: 1, kind: 'release', ids: { environment: 'prod' } };
    await wakeUps.put({ key: 'release/prod', queue: 'later', payload, at: new Date(0) });
    await queue.wakeAt(gateChange(7), new Date());
    const { messages } = start(async (job) => void seen.push(job));

    await eventually('the other one ran', () => seen.length === 1);
    await eventually('one is left', async () => (await wakeUps.pending()).count === 1);
    await queue.wakeAt(gateChange(8), new Date());
    await eventually('the next one ran', () => seen.length === 2);
    expect(messages().filter((text) => text.includes('left to a newer version'))).toHaveLength(1);
  });

  test('a job of a kind that is not known — met — is handed back with all that was in it', async () => {
    const { messages } = start(() => Promise.resolve());
    const payload = { v: 1, kind: 'later', ids: { environment: 'prod' }, more: { than: 'known' } };
    await queue.pokeStored({ key: 'release/prod', queue: 'gate', payload, at: new Date() });

    await eventually('handed back', () => messages().some((text) => text.includes('newer version')));
    const kept = async (): Promise<string> =>
      (await redis.client.hget(keys.wakeUpJobs, 'release/prod')) ?? '{}';
    await eventually('it waits', async () => (await kept()) !== '{}');
    expect(JSON.parse(await kept())).toMatchObject({ queue: 'gate', payload });
  });

  test('a job that fails for good — waits longer each time, and its failures are counted', async () => {
    const times: number[] = [];
    const delays = { crowded: 50, failed: [50, 150, 400], newer: 300, poisonous: 400 };
    const handle = (): Promise<never> => (times.push(Date.now()), Promise.reject(new Error('boom')));
    const { lines } = start(handle, { timing: { delays } });
    await queue.poke(gateChange(7));
    await eventually('five times', () => times.length === 5);

    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    for (const [index, least] of [50, 150, 400, 400].entries())
      expect(waits[index]).toBeGreaterThanOrEqual(least);
    const failures = lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['failures']);
    expect(failures.slice(0, 4)).toEqual([1, 2, 3, 4]);
  });

  test.each([
    [new RetryableError('Redis is full: OOM'), 'warn', 'a job could not be done and is tried again'],
    [new Error('boom'), 'error', 'a job failed and is tried again: a defect of modelgate'],
  ])('%s — logged as what it is, with a stack only for a defect', async (thrown, level, message) => {
    const { lines } = start(() => Promise.reject(thrown));
    await queue.poke(gateChange(7));
    await eventually('logged', () => lines.length > 0);

    expect(lines[0]).toMatchObject({ level, message, fields: { reason: thrown.message, failures: 1 } });
    expect('stack' in lines[0]!.fields).toBe(level === 'error');
  });

  test('a host that asked us to wait — is not asked sooner', async () => {
    const times: number[] = [];
    const delays = { crowded: 50, failed: [10], newer: 300, poisonous: 400 };
    const handle = async (): Promise<void> => {
      times.push(Date.now());
      if (times.length === 1) throw new RetryableError('later', { retryAfter: 700 });
    };
    start(handle, { timing: { delays } });
    await queue.poke(gateChange(7));

    await eventually('done', () => times.length === 2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(700);
  });

  test.each([
    ['a command', { kind: 'run-command', ids: { number: 7, commentId: '3' } }],
    ['a button', { kind: 'rerun', ids: { sha: 'a'.repeat(40), personId: 'ada' } }],
  ] as const)('%s that fails three times — is dropped with a word', async (_, { kind, ids }) => {
    let tries = 0;
    const delays = { crowded: 50, failed: [20], newer: 300, poisonous: 400 };
    const { messages } = start(() => Promise.reject(new Error(`boom ${(tries += 1)}`)), {
      timing: { delays },
    });
    await queue.poke({ kind, ids: { host: 'corp', repositoryId: '12', ...ids } });

    await eventually('dropped', () => messages().includes('a job fails again and again and is dropped'));
    await eventually('nothing is left', nothingLeft);
    expect(tries).toBe(3);
  });

  test('a payload that is none — met — is dropped with a word', async () => {
    const { messages } = start(() => Promise.resolve());
    await queue.pokeStored({
      key: 'x',
      queue: 'gate',
      payload: JSON.parse('{"v":1,"kind":"gate-change","ids":{"deep":{}}}'),
      at: new Date(),
    });
    await eventually('said something', () => messages().length > 0);
    await eventually('nothing is left', nothingLeft);
    expect(messages()).toEqual(['a job has an unreadable payload and is dropped']);
  });
});

describe('fairness', () => {
  test('one busy repository — four slots — takes two, another one gets in at once', async () => {
    const gate = createGate();
    start(gate.handle, { concurrency: 4 });
    for (let number = 1; number <= 6; number += 1) await queue.poke(gateChange(number));
    await eventually('two at work', () => gate.running() === 2);
    await queue.poke(gateChange(1, { repositoryId: '99' }));
    await eventually('the other one, too', () => gate.running() === 3);
    expect(gate.seen.filter((job) => job.ids['repositoryId'] === '12')).toHaveLength(2);

    await eventually('all ran', () => {
      gate.letGo();
      return gate.seen.length === 7 && gate.running() === 0;
    });
    await eventually('nothing is left', nothingLeft);
    expect(new Set(gate.seen.map((job) => `${job.ids['repositoryId']}/${job.ids['number']}`)).size).toBe(7);
  });

  test('one busy repository — a job ends, long before the next tick — the one that waited longest begins', async () => {
    const gate = createGate();
    const delays = { crowded: 60_000, failed: [200], newer: 300, poisonous: 400 };
    start(gate.handle, { concurrency: 4, timing: { tickMs: 60_000, delays } });
    for (let number = 1; number <= 5; number += 1) await queue.poke(gateChange(number));
    await eventually('two at work, three put back', async () => {
      return gate.running() === 2 && (await wakeUps.pending()).count === 3;
    });
    gate.letGo();
    await eventually('the next two', () => gate.seen.length === 4 && gate.running() === 2);
    gate.letGo();
    await eventually('the last', () => gate.seen.length === 5 && gate.running() === 1);
    gate.letGo();
    await eventually('nothing is left', nothingLeft);
    expect(gate.most()).toBe(2);
    expect(gate.seen.map((job) => Number(job.ids['number'])).toSorted((one, other) => one - other)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });
});

describe('trouble', () => {
  test('a worker killed in the middle of a job — another one runs it again', async () => {
    const child = spawn(
      process.execPath,
      [new URL('./worker-child.ts', import.meta.url).pathname, redis.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await queue.poke(gateChange(7));
    await eventually('the child is at work', () => said.includes('"number":7'));
    expect(await liveWorkers(redis.client, keys)).toEqual(['child']);
    child.kill('SIGKILL');

    const seen: Job[] = [];
    const { messages } = start(async (job) => void seen.push(job));
    await eventually('it ran again', () => seen.length === 1);
    await eventually('nothing is left', nothingLeft);
    expect(seen).toEqual([gateChange(7)]);
    expect(messages()).toContain('a job of a dead worker runs again');
  });

  test('a job that kills four workers — is put aside for a while, not lost', async () => {
    await queue.poke(gateChange(7));
    for (let death = 1; death <= 4; death += 1) {
      const child = spawn(
        process.execPath,
        [new URL('./worker-child.ts', import.meta.url).pathname, redis.url],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await eventually('the child is at work', () => said.includes('"number":7'));
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    const seen: Job[] = [];
    const { messages } = start(async (job) => void seen.push(job));
    await eventually('put aside', () => messages().includes('a job keeps stopping its worker'));
    expect(seen).toEqual([]);
    await eventually('it ran later', () => seen.length === 1);
    await eventually('nothing is left', nothingLeft);
  });

  test('redis restarted and empty — between jobs — the worker goes on', async () => {
    const seen: Job[] = [];
    const { worker } = start(async (job) => void seen.push(job));
    await worker.ready();
    await queue.poke(gateChange(7));
    await eventually('it ran', () => seen.length === 1);

    await redis.stop();
    await redis.start();
    await eventually('poked again', () =>
      queue.poke(gateChange(8)).then(
        () => true,
        () => false,
      ),
    );
    await eventually('it ran', () => seen.length === 2);
    expect(seen).toEqual([gateChange(7), gateChange(8)]);
  });

  test('redis restarted and empty — during a job — the job ends and the worker goes on', async () => {
    const gate = createGate();
    start(gate.handle);
    await queue.poke(gateChange(7));
    await eventually('at work', () => gate.running() === 1);
    await redis.stop();
    await redis.start();
    gate.letGo();
    await eventually('poked', () =>
      queue.poke(gateChange(8)).then(
        () => true,
        () => false,
      ),
    );
    await eventually('the next is at work', () => gate.seen.some((job) => job.ids['number'] === 8));
    gate.letGo();
    await eventually('nothing is left', async () => (gate.letGo(), nothingLeft()));
    expect(gate.most()).toBe(1);
  });

  test('redis emptied — between jobs, and during one — nothing breaks', async () => {
    const gate = createGate();
    const { worker } = start(gate.handle);
    await worker.ready();
    await redis.flush();
    await queue.poke(gateChange(7));
    await eventually('at work', () => gate.running() === 1);
    await redis.flush();
    await queue.poke(gateChange(8));
    await eventually('the next is at work', () => gate.seen.some((job) => job.ids['number'] === 8));
    await eventually('nothing is left', async () => (gate.letGo(), nothingLeft()));
    expect(gate.seen.map((job) => job.ids['number'])).toEqual(expect.arrayContaining([7, 8]));
  });

  test('the lock of a job lost — while it is at work — it is aborted and comes again', async () => {
    const gate = createGate();
    start(gate.handle);
    await queue.poke(gateChange(7));
    await eventually('at work', () => gate.running() === 1);
    const [lock = ''] = await redis.client.keys('t:queue:gate:*:lock');
    await redis.client.set(lock, 'somebody else');
    await eventually('aborted', () => gate.signals[0]?.aborted === true);
    await redis.client.del(lock);
    await eventually('again', () => gate.seen.length >= 2);
    await eventually('nothing is left', async () => (gate.letGo(), nothingLeft()));
    expect(gate.signals[0]?.reason).toMatchObject({ reason: 'shutdown' });
  });
});

describe('shutdown', () => {
  test('a job that ends in time — is waited for', async () => {
    const gate = createGate();
    const { worker, end } = startWorker(redis.url, gate.handle);
    await queue.poke(gateChange(7));
    await eventually('at work', () => worker.active() === 1);
    const ending = end(5000);
    await queue.poke(gateChange(8));
    gate.letGo();
    await ending;

    expect(gate.signals[0]?.aborted).toBe(false);
    expect(gate.seen.map((job) => job.ids['number'])).toEqual([7]);
    const [depth] = await queue.depths();
    expect(depth?.active).toBe(0);
    expect((depth?.waiting ?? 0) + (await wakeUps.pending()).count).toBe(1);
  });

  test('a job that does not — is aborted with the reason and due at once', async () => {
    const gate = createGate();
    const { worker, end } = startWorker(redis.url, gate.handle);
    await queue.poke(gateChange(7));
    await eventually('at work', () => worker.active() === 1);
    await end(100);

    expect(gate.signals[0]?.reason).toMatchObject({ reason: 'shutdown' });
    expect((await wakeUps.pending()).next?.getTime()).toBeLessThanOrEqual(Date.now());
    const seen: Job[] = [];
    start(async (job) => void seen.push(job));
    await eventually('another worker runs it', () => seen.length === 1);
  });

  test('a job that ignores its signal — does not hold up the end, and runs again elsewhere', async () => {
    let started = 0;
    const { worker, end } = startWorker(redis.url, () => {
      started += 1;
      return new Promise(() => undefined);
    });
    await queue.poke(gateChange(7));
    await eventually('at work', () => worker.active() === 1);
    const begin = performance.now();
    await end(100);
    expect(performance.now() - begin).toBeLessThan(2500);

    const seen: Job[] = [];
    start(async (job) => void seen.push(job));
    await eventually('another worker runs it', () => seen.length === 1);
    expect(started).toBe(1);
  });

  test('redis away — closing — ends all the same', async () => {
    const { worker, end } = startWorker(redis.url, () => Promise.resolve());
    await worker.ready();
    await redis.stop();
    const begin = performance.now();
    await end(200);
    expect(performance.now() - begin).toBeLessThan(2500);
    await redis.start();
  });
});
