import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeptLog } from '../../support/log.ts';
import { outagesTo } from '../../support/outages.ts';
import { eventually, startRedis, type TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => void (redis = await startRedis()));
afterAll(() => redis.close());

async function connected() {
  const producer = connectProducer(redis.url, outagesTo(createKeptLog().log));
  await eventually('connected', () => producer.status === 'ready');
  return producer;
}

test('commands of one turn — sent — are one write, answered in order', async () => {
  const producer = await connected();
  const single = vi.spyOn(producer.stream, '_write');
  const together = vi.spyOn(producer.stream, '_writev');

  const answers = await Promise.all(Array.from({ length: 100 }, () => producer.incr('counter')));

  expect(answers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(single.mock.calls.length + together.mock.calls.length).toBe(1);
  producer.disconnect();
});

test('a command — and the end of the connection in the same turn — still arrives', async () => {
  const producer = await connected();
  const sent = producer.set('last', 'word').catch(() => undefined);
  producer.disconnect();
  await sent;
  await vi.waitFor(async () => expect(await redis.client.get('last')).toBe('word'));
});
