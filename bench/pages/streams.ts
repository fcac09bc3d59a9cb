import { get, type IncomingMessage } from 'node:http';
import { Redis } from 'ioredis';
import { startChild, type Child } from '../child/start-child.ts';
import { median, percentile } from '../figures.ts';
import { startDurableRedis } from '../intake/servers/durable-redis.ts';
import { ratioOf, rowsOf, type Row } from '../row.ts';

const writeEveryMs = 50;
const variants = ['modelgate', 'raw'] as const;

/** Many open pages of one run whose log is written: `raw` does the least that could be called the same. */
export async function measureStreams(
  wanted: { readonly open: number; readonly lines: number },
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const name of variants) {
    tell(`${wanted.open} open pages, ${name}`);
    const redis = await startDurableRedis('none');
    const server = await startChild(new URL(`servers/${name}.ts`, import.meta.url), [
      redis.url,
      redis.directory,
    ]);
    try {
      rows.push(...rowsOf('pages', `${wanted.open} open, ${name}`, await watch(server, redis.url, wanted)));
    } finally {
      await server.stop();
      await redis.stop();
    }
  }
  const [ours, raw] = variants.map((name) => `${wanted.open} open, ${name}`);
  return [
    ...rows,
    ...['rss-each', 'heap-each', 'cpu-each-line', 'delay-p50'].flatMap((metric) =>
      ratioOf(rows, metric, ours ?? '', raw ?? ''),
    ),
  ];
}

async function watch(
  server: Child,
  redisUrl: string,
  { open, lines }: { readonly open: number; readonly lines: number },
): Promise<Readonly<Record<string, number>>> {
  const writer = new Redis(redisUrl);
  const delays: number[] = [];
  // The first connections pay for what is loaded and compiled once.
  const warm = await openAll(server.url, 10, []);
  await write(writer, 5);
  for (const response of warm) response.destroy();
  await pause(1000);
  const heapBefore = await server.figure('heap');
  const before = await server.usage();
  const responses = await openAll(server.url, open, delays);
  await write(writer, 1);
  await until(() => delays.length >= open, 'the first line at every page');
  const { rssBytes } = await server.usage();
  const heap = await server.figure('heap');
  const opened = await server.usage();
  delays.length = 0;
  await write(writer, lines);
  await until(() => delays.length >= open * lines, 'every line at every page');
  const after = await server.usage();
  for (const response of responses) response.destroy();
  writer.disconnect();
  return {
    'rss-each KB': (rssBytes - before.rssBytes) / open / 1000,
    'heap-each KB': (heap - heapBefore) / open / 1000,
    'cpu-each-line us': (after.cpuUs - opened.cpuUs) / (open * lines),
    'cpu-share %': ((after.cpuUs - opened.cpuUs) / (lines * writeEveryMs * 1000)) * 100,
    'delay-p50 ms': median(delays),
    'delay-p99 ms': percentile(delays, 0.99),
  };
}

/** Readers that note how old a line is when it comes. */
async function openAll(url: string, count: number, delays: number[]): Promise<readonly IncomingMessage[]> {
  const responses: IncomingMessage[] = [];
  for (let index = 0; index < count; index += 1) responses.push(await openOne(url, delays));
  return responses;
}

function openOne(url: string, delays: number[]): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`a page got ${response.statusCode}`));
      response.on('error', () => undefined);
      response.setEncoding('utf8').on('data', (part: string) => {
        const now = Date.now();
        for (const [, at] of part.matchAll(/written at (\d+)\n/g)) delays.push(now - Number(at));
      });
      resolve(response);
    });
    request.on('error', () => undefined);
  });
}

async function write(writer: Redis, lines: number): Promise<void> {
  for (let index = 0; index < lines; index += 1) {
    await writer.xadd('modelgate:log:watched', 'MAXLEN', '~', 2000, '*', 'line', `written at ${Date.now()}`);
    await pause(writeEveryMs);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await pause(20);
  }
}
