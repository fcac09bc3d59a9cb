import { startChild, type Child } from '../child/start-child.ts';
import { least, median, percentile } from '../figures.ts';
import { ratioOf, rowsOf, type Bench, type Row } from '../row.ts';
import { deliver, type Delivery, type Proof } from './delivery.ts';
import { openTarget, sendAll, sendPaced, type Target } from './load.ts';
import { createBodyTemplate } from './payload.ts';

/** How much is sent. */
export interface IntakeSizes {
  readonly rounds: number;
  /** Requests of one variant in one round. */
  readonly requests: number;
  readonly pacedRounds: number;
  readonly pacedRequests: number;
}

const sizes: Readonly<Record<'full' | 'quick', IntakeSizes>> = {
  full: { rounds: 10, requests: 1500, pacedRounds: 2, pacedRequests: 1000 },
  quick: { rounds: 3, requests: 500, pacedRounds: 1, pacedRequests: 200 },
};

const perSecond = 200;
const bodyBytes = 24 * 1024;

interface Variant {
  readonly name: string;
  readonly script: string;
  readonly proof: Proof;
  /** Every delivery becomes a job in a Redis of its own. */
  readonly durable: boolean;
}

const variants: readonly Variant[] = [
  { name: 'node', script: 'node', proof: 'none', durable: false },
  { name: 'fastify', script: 'fastify', proof: 'gitlab-signature', durable: false },
  { name: 'modelgate', script: 'modelgate', proof: 'gitlab-signature', durable: true },
  { name: 'modelgate-token', script: 'modelgate', proof: 'gitlab-token', durable: true },
  { name: 'probot', script: 'probot', proof: 'github-signature', durable: false },
  { name: 'probot-server', script: 'probot-server', proof: 'github-signature', durable: false },
  { name: 'probot-durable', script: 'probot-durable', proof: 'github-signature', durable: true },
];

/** A variant's server and what was measured of it. */
interface Runner extends Variant {
  readonly child: Child;
  readonly target: Target;
  readonly cpuUs: number[];
  readonly redisUs: number[];
  readonly perSecond: number[];
  readonly latencies: number[];
}

/** What one delivery costs, and how soon it is answered. */
export const benchIntake: Bench = (size, tell) => measureIntake(sizes[size], tell);

export async function measureIntake(
  wanted: IntakeSizes,
  tell: (text: string) => void,
): Promise<readonly Row[]> {
  const nextDelivery = createDeliveries();
  tell(`starting ${variants.length} servers`);
  const runners = await Promise.all(variants.map(start));
  try {
    // What a server compiles and fills in its first requests is not what a request costs.
    for (const runner of runners) await measureCost(runner, nextDelivery(runner.proof, wanted.requests));
    for (const { cpuUs, redisUs, perSecond } of runners)
      for (const list of [cpuUs, redisUs, perSecond]) list.length = 0;
    tell(`${wanted.rounds} rounds of ${wanted.requests} requests as fast as they are taken`);
    for (const runner of inTurns(runners, wanted.rounds))
      await measureCost(runner, nextDelivery(runner.proof, wanted.requests));
    tell(`${wanted.pacedRounds} rounds of ${wanted.pacedRequests} requests at ${perSecond} a second`);
    for (const runner of inTurns(runners, wanted.pacedRounds))
      runner.latencies.push(
        ...(await sendPaced(runner.target, nextDelivery(runner.proof, wanted.pacedRequests), perSecond)),
      );
    return summarise(await Promise.all(runners.map(figuresOf)));
  } finally {
    await Promise.all(runners.map(stop));
  }
}

function createDeliveries(): (proof: Proof, count: number) => readonly Delivery[] {
  const template = createBodyTemplate(bodyBytes);
  let iid = 10_000_000;
  return (proof, count) =>
    Array.from({ length: count }, () => {
      iid += 1;
      return deliver(template.body(iid), proof);
    });
}

async function start(variant: Variant): Promise<Runner> {
  const child = await startChild(new URL(`servers/${variant.script}.ts`, import.meta.url));
  return {
    ...variant,
    child,
    target: openTarget(child.url),
    cpuUs: [],
    redisUs: [],
    perSecond: [],
    latencies: [],
  };
}

async function stop({ child, target }: Runner): Promise<void> {
  target.agent.destroy();
  await child.stop();
}

/** Every round in another order, so that what changes slowly on the machine hits all alike. */
function* inTurns<Item>(items: readonly Item[], rounds: number): Iterable<Item> {
  for (let round = 0; round < rounds; round += 1) yield* round % 2 === 0 ? items : items.toReversed();
}

async function measureCost(runner: Runner, deliveries: readonly Delivery[]): Promise<void> {
  const { child, target } = runner;
  const before = await costOf(runner);
  const seconds = await sendAll(target, deliveries);
  const after = await costOf(runner);
  runner.cpuUs.push((after.cpuUs - before.cpuUs) / deliveries.length);
  runner.perSecond.push(deliveries.length / seconds);
  if (!runner.durable) return;
  runner.redisUs.push((after.redisUs - before.redisUs) / deliveries.length);
  const jobs = await child.figure('jobs');
  if (jobs !== deliveries.length) throw new Error(`${deliveries.length} deliveries made ${jobs} jobs`);
  await child.figure('forget');
}

async function costOf({
  child,
  durable,
}: Runner): Promise<{ readonly cpuUs: number; readonly redisUs: number }> {
  const { cpuUs } = await child.usage();
  return { cpuUs, redisUs: durable ? await child.figure('redisCpuUs') : 0 };
}

async function figuresOf(runner: Runner): Promise<readonly Row[]> {
  const { cpuUs, redisUs, latencies } = runner;
  const { rssBytes } = await runner.child.usage();
  return rowsOf('intake', runner.name, {
    'cpu-min us': least(cpuUs),
    'cpu-median us': median(cpuUs),
    'throughput-median 1/s': median(runner.perSecond),
    'latency-p50 ms': percentile(latencies, 0.5),
    'latency-p99 ms': percentile(latencies, 0.99),
    'rss MB': rssBytes / 1e6,
    ...(redisUs.length === 0
      ? {}
      : { 'redis-cpu-min us': least(redisUs), 'redis-cpu-median us': median(redisUs) }),
  });
}

function summarise(figures: readonly (readonly Row[])[]): readonly Row[] {
  const rows = figures.flat();
  const ratios = ['cpu-min', 'cpu-median', 'throughput-median', 'latency-p99'].flatMap((metric) =>
    ['probot', 'probot-server', 'probot-durable', 'fastify', 'node'].flatMap((other) =>
      ratioOf(rows, metric, 'modelgate', other),
    ),
  );
  return [...rows, ...ratios];
}
