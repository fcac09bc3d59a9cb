import { median, percentile } from '../figures.ts';
import { rowsOf, type Bench, type Row } from '../row.ts';
import { createWatch, type Passage } from './watch.ts';
import { createWorld } from './world.ts';

/** How many changes. */
export interface VerdictSizes {
  readonly inTurn: number;
  readonly atOnce: number;
  readonly traced: number;
}

const sizes: Readonly<Record<'full' | 'quick', VerdictSizes>> = {
  full: { inTurn: 30, atOnce: 30, traced: 10 },
  quick: { inTurn: 5, atOnce: 5, traced: 3 },
};

/** From the webhook's answer to the verdict at the host, with stand-ins for GitLab and S3. */
export const benchVerdict: Bench = (size, tell) => measureVerdict(sizes[size], tell);

export async function measureVerdict(
  wanted: VerdictSizes,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  return [...(await measureTimes(wanted, tell)), ...(await measureParts(wanted.traced, tell))];
}

async function measureTimes(
  { inTurn, atOnce }: VerdictSizes,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  const world = await createWorld(false);
  try {
    const watch = createWatch(world);
    for (const branch of [...names('turn', inTurn), ...names('once', atOnce), 'first'])
      await world.prepare(branch);
    // Makes the mirror and loads what is loaded late.
    const first = await watch.play(['first']);
    tell(`${inTurn} changes one after the other`);
    const before = await world.service.usage();
    const passages: Passage[] = [];
    for (const branch of names('turn', inTurn)) passages.push(...(await watch.play([branch])));
    const after = await world.service.usage();
    tell(`${atOnce} changes at once`);
    const together = await watch.play(names('once', atOnce));
    const times = passages.map(waitOf);
    return [
      ...rowsOf('verdict', 'first change', { 'total ms': Math.max(...first.map(waitOf)) }),
      ...rowsOf('verdict', `${inTurn} in turn`, {
        'p50 ms': percentile(times, 0.5),
        'p95 ms': percentile(times, 0.95),
        'cpu-node ms': (after.cpuUs - before.cpuUs) / 1000 / inTurn,
        'cpu-git ms': (after.childrenUs - before.childrenUs) / 1000 / inTurn,
      }),
      ...rowsOf('verdict', `${atOnce} at once`, {
        'p50 ms': percentile(together.map(waitOf), 0.5),
        'p95 ms': percentile(together.map(waitOf), 0.95),
        'total ms':
          Math.max(...together.map((one) => one.endedAt)) -
          Math.min(...together.map((one) => one.answeredAt)),
      }),
    ];
  } finally {
    await world.close();
  }
}

/** Where the time goes: another run, because tracing git takes time of its own. */
async function measureParts(count: number, tell: (text: string) => void): Promise<readonly Row[]> {
  tell(`${count} changes with git's own traces`);
  const world = await createWorld(true);
  try {
    const watch = createWatch(world);
    for (const branch of [...names('part', count), 'first']) await world.prepare(branch);
    await watch.play(['first']);
    watch.take();
    await world.git?.take();
    const parts: Record<string, number>[] = [];
    for (const branch of names('part', count)) {
      const [passage] = await watch.play([branch]);
      const requests = watch.take();
      const runs = (await world.git?.take()) ?? [];
      const sum = (commands: readonly string[]): number =>
        runs.filter(({ command }) => commands.includes(command)).reduce((total, { ms }) => total + ms, 0);
      const number = (place: string): number => requests.filter((request) => request.place === place).length;
      parts.push({
        'total ms': passage === undefined ? Number.NaN : waitOf(passage),
        'until-first-request ms':
          passage === undefined ? Number.NaN : passage.firstRequestAt - passage.answeredAt,
        'git ms': runs.reduce((total, { ms }) => total + ms, 0),
        'git-fetch ms': sum(['fetch', 'ls-remote']),
        'git-merge ms': sum(['merge-tree', 'merge-base']),
        'git-read ms': sum(['ls-tree', 'diff-tree', 'cat-file', 'rev-parse']),
        'git-runs': runs.length,
        'gitlab-requests': number('api'),
        'git-requests': number('git'),
        's3-requests': number('s3'),
      });
    }
    const metrics = Object.keys(parts[0] ?? {});
    const medians = metrics.map((metric) => [
      metric,
      median(parts.map((part) => part[metric] ?? Number.NaN)),
    ]);
    return rowsOf('verdict', 'parts of one', Object.fromEntries(medians));
  } finally {
    await world.close();
  }
}

function names(kind: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${kind}-${index}`);
}

function waitOf({ answeredAt, endedAt }: Passage): number {
  return endedAt - answeredAt;
}
