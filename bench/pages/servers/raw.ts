import type { ServerResponse } from 'node:http';
import { Redis } from 'ioredis';
import { listen } from '../../intake/servers/listen.ts';
import { liveHeap } from '../live-heap.ts';

// The least: no access, no checks, no bounds; one reader of Redis, a write for everybody.
const everyMs = 250;
const redis = new Redis(process.argv[2] ?? '');
const responses = new Set<ServerResponse>();
let cursor = '-';

async function look(): Promise<void> {
  const entries = await redis.xrange('modelgate:log:watched', cursor, '+');
  const last = entries.at(-1)?.[0];
  if (last !== undefined) {
    cursor = `(${last}`;
    const data = entries.map(([, fields]) => `data: ${fields[1] ?? ''}\n`).join('');
    for (const response of responses) response.write(`event: lines\nid: ${last}\n${data}\n`);
  }
}

const timer = setInterval(() => void look(), everyMs);
listen(
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
    responses.add(response);
    response.on('close', () => responses.delete(response));
  },
  '/',
  {
    figures: { heap: liveHeap },
    stop: async () => {
      clearInterval(timer);
      redis.disconnect();
    },
  },
);
