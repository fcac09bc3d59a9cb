import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectProducer, connectWorker } from '../../../src/adapters/redis/connect.ts';
import { createOutages } from '../../../src/adapters/redis/outages.ts';
import { createKeptLog } from '../../support/log.ts';
import { eventually, startRedis, type TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('two connections, redis stopped for long, then back — one line, one every five minutes, one at the end', async () => {
  const { log, lines, messages } = createKeptLog();
  let now = 0;
  const outages = createOutages(log, () => now);
  const connections = [connectProducer(redis.url, outages), connectWorker(redis.url, outages)];
  const all = (is: boolean) => () => connections.every(({ status }) => (status === 'ready') === is);
  await eventually('connected', all(true));
  await redis.stop();
  const failed = new Map<object, number>();
  for (const connection of connections)
    connection.on('error', () => failed.set(connection, (failed.get(connection) ?? 0) + 1));
  await eventually('both tried in vain, twice', () =>
    connections.every((connection) => (failed.get(connection) ?? 0) > 1),
  );
  expect(messages()).toEqual(['redis is away']);
  expect(lines[0]?.fields).toMatchObject({ seconds: 0, remedy: 'Start it, or correct REDIS_URL.' });

  now = 5 * 60_000;
  await eventually('said again', () => lines.length === 2);
  expect(lines[1]).toMatchObject({ message: 'redis is away', fields: { seconds: 300 } });

  await redis.start();
  await eventually('back', all(true));
  expect(messages()).toEqual(['redis is away', 'redis is away', 'redis is back']);
  for (const connection of connections) connection.disconnect();
});
