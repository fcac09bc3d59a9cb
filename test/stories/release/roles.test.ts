import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerRole } from '../../../src/compose/roles.ts';
import { work, type Running } from '../../../src/compose/serve.ts';
import {
  createReleaseWorld,
  expectCleanRelease,
  type ReleaseWorld,
} from '../../support/release/release-world.ts';
import { storyTiming } from '../../support/story-timing.ts';
import { everyHost } from '../../support/story-world.ts';

describe.each(everyHost)('two workers on one Redis, on $name', { timeout: 90_000 }, ({ host }) => {
  let world: ReleaseWorld;
  const workers: Running[] = [];
  const lines: Record<'gate' | 'release', string[]> = { gate: [], release: [] };
  beforeAll(async () => void (world = await createReleaseWorld({ host, worker: 'none' })));
  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await world.close();
  });

  async function start(role: WorkerRole & ('gate' | 'release')): Promise<void> {
    const settings = { MODELGATE_LISTEN_PORT: '0', MODELGATE_LISTEN_PUBLIC_URL: world.url() };
    const surroundings = { env: { ...world.env, ...settings }, cwd: world.root, home: world.root };
    const writeLog = (line: string): void => {
      lines[role].push(line);
      world.lines.push(line);
    };
    const config = join(world.root, 'modelgate.yaml');
    workers.push(await work({ config, role, timing: storyTiming }, { ...surroundings, writeLog }));
  }

  test('the gate alone judges, and asks nothing of the platform; the release worker does the rest alone', async () => {
    await start('gate');
    const product = await world.produce('roles');
    await world.host.idle();
    const judged = (): boolean => lines.gate.some((line) => line.includes('"msg":"judged"'));
    await expect.poll(judged, { timeout: 10_000 }).toBe(true);
    const { kubeflow, kubernetes, s3 } = world.platform;
    expect([kubeflow.requests, kubernetes.requests, s3.requests].map(({ length }) => length)).toEqual([
      0, 0, 0,
    ]);

    await start('release');
    await world.told(product, product.first, ({ state }) => state === 'success');
    await world.settled();
    const done = (role: 'gate' | 'release', job: string): boolean =>
      lines[role].some((line) => line.includes('job done') && line.includes(`"job":"${job}"`));
    expect(done('release', 'release')).toBe(true);
    expect(done('gate', 'release')).toBe(false);
    expect(done('release', 'gate-branch')).toBe(false);
  });

  test('afterwards — everything is as it should be', () => expectCleanRelease(world));
});
