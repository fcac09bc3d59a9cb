import { createHash } from 'node:crypto';
import { request } from 'undici';
import { createModelStore } from '../../src/adapters/object-store/model-store.ts';
import { createDispatchers } from '../../src/net/dispatchers.ts';
import { startChild } from '../child/start-child.ts';
import { usageOfThisProcess } from '../child/usage.ts';
import { least, median } from '../figures.ts';
import { ratioOf, rowsOf, type Bench, type Row } from '../row.ts';
import { contentOf, smallBytes } from './content.ts';

/** How much is published, and how often. */
export interface ModelSizes {
  readonly rounds: number;
  readonly largeBytes: number;
  readonly smallFiles: number;
}

/** A file to be copied: its key in the bucket of runs, size and sha256. */
interface Source {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

/** Copies a file to a key of the bucket of models. */
type CopyOne = (source: Source, to: string) => Promise<unknown>;

interface Taken {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const sizes: Readonly<Record<'full' | 'quick', ModelSizes>> = {
  full: { rounds: 5, largeBytes: 200_000_000, smallFiles: 1000 },
  quick: { rounds: 2, largeBytes: 40_000_000, smallFiles: 100 },
};
/** So many small files are copied at one time. */
const lanes = 8;
const never = new AbortController().signal;

/** Models are published in one store: streamed and proven, beside a plain pipe of GET into PUT. */
export const benchModels: Bench = (size, tell) => measureModels(sizes[size], tell);

/** Measures with the given sizes. */
export async function measureModels(
  wanted: ModelSizes,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  const store = await startChild(new URL('store.ts', import.meta.url), [
    String(wanted.largeBytes),
    String(wanted.smallFiles),
  ]);
  const dispatchers = createDispatchers();
  try {
    const ways = { modelgate: createModelgate(store.url, dispatchers), raw: createPipe(store.url) };
    const large = [sourceOf(wanted.largeBytes, 'large')];
    const small = Array.from({ length: wanted.smallFiles }, (_, number) =>
      sourceOf(smallBytes, `small/${number}`),
    );
    const loads = [
      { name: `${Math.round(wanted.largeBytes / 1e6)} MB`, sources: large },
      { name: `${wanted.smallFiles} small files`, sources: small },
    ];
    const rows: Row[] = [];
    for (const { name, sources } of loads) {
      tell(name);
      rows.push(...(await compare(name, sources, { ways, url: store.url, rounds: wanted.rounds })));
    }
    return rows;
  } finally {
    await dispatchers.close();
    await store.stop();
  }
}

/** Both ways in every round, in turn the one and the other first; one round before is thrown away. */
async function compare(
  name: string,
  sources: readonly Source[],
  how: { readonly ways: Readonly<Record<string, CopyOne>>; readonly url: string; readonly rounds: number },
): Promise<readonly Row[]> {
  const taken = new Map<string, Taken[]>();
  for (let round = 0; round <= how.rounds; round += 1) {
    const order = Object.entries(how.ways);
    if (round % 2 === 1) order.reverse();
    for (const [way, copyOne] of order) {
      const measured = await measureOnce(sources, copyOne);
      await prove(sources, how.url);
      if (round > 0) taken.set(way, [...(taken.get(way) ?? []), measured]);
    }
  }
  const rows = [...taken].flatMap(([way, all]) =>
    rowsOf('models', `${way}, ${name}`, {
      'wall-min ms': least(all.map(({ wallMs }) => wallMs)),
      'wall-median ms': median(all.map(({ wallMs }) => wallMs)),
      'cpu-min ms': least(all.map(({ cpuMs }) => cpuMs)),
    }),
  );
  const ratios = ['wall-min', 'wall-median', 'cpu-min'].flatMap((metric) =>
    ratioOf(rows, metric, `modelgate, ${name}`, `raw, ${name}`),
  );
  return [...rows, ...ratios];
}

async function measureOnce(sources: readonly Source[], copyOne: CopyOne): Promise<Taken> {
  const queue = sources.values();
  const cpu = usageOfThisProcess().cpuUs;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const source of queue) await copyOne(source, source.key);
    }),
  );
  return { wallMs: performance.now() - began, cpuMs: (usageOfThisProcess().cpuUs - cpu) / 1000 };
}

/** A copy that left something out would be quicker. What was copied is deleted, so that the store stays small. */
async function prove(sources: readonly Source[], url: string): Promise<void> {
  for (const { key, size } of sources) {
    const { headers, body } = await request(`${url}/models/${key}`, { method: 'HEAD', reset: false });
    await body.dump();
    if (Number(headers['content-length']) !== size) throw new Error(`${key} was not copied whole`);
    const removed = await request(`${url}/models/${key}`, { method: 'DELETE' });
    await removed.body.dump();
  }
}

function createModelgate(url: string, dispatchers: ReturnType<typeof createDispatchers>): CopyOne {
  const credentials = { accessKeyId: 'AKIABENCH', secretAccessKey: 'secret-of-the-bench' };
  const places = ['runs', 'models'].map((name) => ({ url: `s3://${name}/`, endpoint: url, credentials }));
  const store = createModelStore(
    { places, publish: 's3://models/' },
    {
      dispatchers,
      random: Math.random,
      env: {},
      home: '/nowhere',
      readFile: () => Promise.resolve(undefined),
      clock: { now: () => new Date(), sleep: () => Promise.reject(new Error('a request failed')) },
      log: { warn: (_fields, message) => void process.stderr.write(`${message}\n`) },
    },
  );
  return ({ key, size, sha256 }, to) =>
    store.copy(
      {
        from: `s3://runs/${key}`,
        to: `s3://models/${to}`,
        size,
        digest: { algorithm: 'sha256', value: sha256 },
      },
      never,
    );
}

/** The least that could be called the same: what comes is sent on; nothing is looked at, signed or proven. */
function createPipe(url: string): CopyOne {
  return async ({ key, size }, to) => {
    const source = await request(`${url}/runs/${key}`);
    const headers = { 'content-length': String(size) };
    const sent = await request(`${url}/models/${to}`, { method: 'PUT', headers, body: source.body });
    await sent.body.dump();
    if (sent.statusCode !== 200) throw new Error(`the pipe ended with ${sent.statusCode}`);
  };
}

function sourceOf(size: number, key: string): Source {
  return { key, size, sha256: createHash('sha256').update(contentOf(size, key)).digest('hex') };
}
