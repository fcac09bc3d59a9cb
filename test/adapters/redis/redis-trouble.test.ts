import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueue } from '../../../src/adapters/bullmq/queue.ts';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createRunStore } from '../../../src/adapters/redis/run-store.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { RetryableError } from '../../../src/errors.ts';
import { askRedis } from '../../../src/net/redis-trouble.ts';
import { createKeptLog } from '../../support/log.ts';
import { eventually, startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';
import { outagesTo } from '../../support/outages.ts';
import { sampleRun, sampleSubject } from '../../support/sample-run.ts';

const { log } = createKeptLog();
const keys = createKeys('t');
const job = { kind: 'gate-change', ids: { host: 'corp', repositoryId: '12', number: 7 } } as const;
let redis: TestRedis;
let connection: Redis;
beforeAll(async () => {
  redis = await startRedis();
  connection = connectProducer(redis.url, outagesTo(log));
  await eventually('connected', () => connection.status === 'ready');
});
afterAll(async () => {
  connection.disconnect();
  await redis.close();
});

function ports(client: Redis) {
  const wakeUps = createWakeUps(client, keys, log);
  const queue = createQueue({ connection: client, prefix: keys.queuePrefix, log }, wakeUps);
  return { wakeUps, queue, store: createRunStore(client, keys, createClock()) };
}

/** What a write of each port throws. */
async function thrownBy(client: Redis): Promise<readonly unknown[]> {
  const { queue, store } = ports(client);
  const writes = [
    store.saveRun(sampleRun()),
    store.updateSubject(sampleSubject, (record) => record),
    queue.poke(job),
    queue.wakeAt(job, new Date()),
  ];
  return (await Promise.allSettled(writes)).map((write) =>
    write.status === 'rejected' ? write.reason : undefined,
  );
}

function expectTrouble(thrown: readonly unknown[], message: RegExp): void {
  for (const reason of thrown) {
    expect(reason).toBeInstanceOf(RetryableError);
    expect(reason).toMatchObject({ message: expect.stringMatching(message), cause: expect.any(Error) });
  }
}

describe('trouble of Redis', () => {
  test('full — each write — says so, and what was answered', async () => {
    await redis.fill();
    expectTrouble(await thrownBy(connection), /^Redis is full: OOM /);
    await redis.drain();
  });

  test('too few replicas — each write — says so', async () => {
    await redis.client.config('SET', 'min-replicas-to-write', '3');
    expectTrouble(
      await thrownBy(connection),
      /^Redis has fewer replicas than it needs to write: NOREPLICAS /,
    );
    await redis.client.config('SET', 'min-replicas-to-write', '0');
  });

  test('a connection that was closed, as at the end of a worker — each write — Redis is away', async () => {
    const closed = new Redis(redis.url);
    await eventually('connected', () => closed.status === 'ready');
    closed.disconnect();
    await eventually('closed', () => closed.status === 'end');
    const { store, wakeUps } = ports(closed);
    const writes = [store.saveRun(sampleRun()), wakeUps.pending(), store.heads(sampleSubject)];
    const settled = await Promise.allSettled(writes);
    expectTrouble(
      settled.map((write) => (write.status === 'rejected' ? write.reason : undefined)),
      /^Redis is away: /,
    );
  });

  test('nobody listens — a command that is tried once — Redis is away', async () => {
    const lost = new Redis({ port: 9, maxRetriesPerRequest: 1, retryStrategy: () => 10 });
    lost.on('error', () => undefined);
    await expect(createRunStore(lost, keys, createClock()).loadRun('r')).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/^Redis is away: /),
    });
    lost.disconnect();
  });

  test('stopped — each write — Redis is away', async () => {
    await redis.stop();
    await eventually('noticed', () => connection.status !== 'ready');
    expectTrouble(await thrownBy(connection), /^Redis is away: /);
    await redis.start();
    await eventually('connected', () => connection.status === 'ready');
  });
});

describe('what is no trouble of Redis', () => {
  test('a reply that blames the command — passes through', async () => {
    await redis.client.set(keys.heads(sampleSubject), 'not a set');
    await expect(ports(connection).store.heads(sampleSubject)).rejects.toMatchObject({
      name: 'ReplyError',
      message: expect.stringMatching(/^WRONGTYPE /),
    });
    await redis.flush();
  });

  test.each([new TypeError('x is not a function'), new RangeError('x'), 'a text'])(
    'a mistake of ours: %o — passes through',
    async (mistake) => {
      await expect(askRedis(() => Promise.reject(mistake))).rejects.toBe(mistake);
    },
  );

  test('a record that somebody else wrote — is stale', async () => {
    const { store } = ports(connection);
    await store.saveRun(sampleRun());
    await expect(store.saveRun(sampleRun())).rejects.toMatchObject({
      message: expect.stringContaining('revision'),
    });
  });
});
