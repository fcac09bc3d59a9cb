import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { startDurableRedis } from './durable-redis.ts';
import { listen } from './listen.ts';
import { createProbotApp, probotPath } from './probot-app.ts';

// A handler that adds one job to BullMQ, on disk before the answer, and knows no delivery again.
const redis = await startDurableRedis('bull:gate:wait');
const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
const queue = new Queue('gate', { connection, streams: { events: { maxLen: 1000 } } });
const app = await createProbotApp(async (number) => {
  await queue.add('gate-change', { number }, { removeOnComplete: true, removeOnFail: true });
});
listen(app, probotPath, {
  figures: redis.figures,
  stop: async () => {
    await queue.close();
    connection.disconnect();
    await redis.stop();
  },
});
