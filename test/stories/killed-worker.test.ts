import { spawn, type ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createStoryWorld,
  everyHost,
  runIdOf,
  type StoryChange,
  type StoryWorld,
} from '../support/story-world.ts';
import { expectClean, expectShown, ourComments } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

const program = fileURLToPath(new URL('../support/worker-child.ts', import.meta.url));

/** At how many of its outside actions a worker is killed; each costs seconds, and there are two hosts. */
const places = 12;

describe.each(everyHost)('a worker on $name that is killed', ({ host }) => {
  let world: StoryWorld;
  let worker: ChildProcess;
  let spare: ChildProcess | undefined;
  let acted: () => void = () => undefined;
  beforeAll(async () => {
    world = await createStoryWorld({ host, worker: 'none', recheck: '{ after: [1h], then: 1h, until: 1d }' });
    world.host.observe(() => acted());
    world.s3.fail({ when: () => (acted(), false), fault: { kind: 'drop' } });
    await start();
  });
  afterAll(async () => {
    worker.kill('SIGKILL');
    spare?.kill('SIGKILL');
    await world.close();
  });

  function spawnWorker(): ChildProcess {
    const env = { ...world.env, MODELGATE_LISTEN_PORT: '0', MODELGATE_LISTEN_PUBLIC_URL: world.url() };
    return spawn(process.execPath, [program, world.root], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Lets the worker that is ready begin, and makes the next one ready. */
  async function start(): Promise<void> {
    worker = spare ?? spawnWorker();
    spare = spawnWorker();
    let said = '';
    worker.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      world.lines.push(chunk.toString());
    });
    worker.stdin?.end('\n');
    await eventually('the worker works', () => said.includes('worker started'));
  }

  /** Opens a change whose data is missing, kills the worker at its nth action, and waits for the end under another. */
  async function judged(
    name: string,
    killAt: number | undefined,
  ): Promise<{ change: StoryChange; actions: number }> {
    await world.settled();
    const pointer = await world.track('d.csv', `${name}\n`, 'not pushed');
    let actions = 0;
    acted = () => {
      actions += 1;
      if (actions === killAt) worker.kill('SIGKILL');
    };
    const change = await world.propose(name, { 'd.csv.dvc': pointer });
    if (killAt !== undefined) {
      await eventually('the kill', () => worker.signalCode !== null);
      acted = () => undefined;
      await start();
    }
    await world.status(change, ({ state }) => state === 'failure');
    await eventually('the comment', () => ourComments(world, change).length > 0);
    await world.settled();
    acted = () => undefined;
    return { change, actions };
  }

  test(
    `at ${places} places — the end is the same: one status, one comment, one run`,
    { timeout: 90_000 },
    async () => {
      // A worker that has a mirror asks the least: so many actions there are in every round.
      await judged('first', undefined);
      const undisturbed = await judged('undisturbed', undefined);
      const expected = await expectShown(world, undisturbed.change, { state: 'failure', comments: 1 });
      expect(undisturbed.actions).toBeGreaterThan(places / 2);

      for (let place = 0; place < places; place += 1) {
        const killAt = 1 + Math.floor((place * undisturbed.actions) / places);
        const { change } = await judged(`killed-${place}-at-${killAt}`, killAt);
        const { status, comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
        expect(withoutTime(status.description)).toBe(withoutTime(expected.status.description));
        expect(comment?.text.split('\n').length).toBe(expected.comment?.text.split('\n').length);
        expect(new Set(world.host.statuses(change).map(runIdOf))).toEqual(new Set([runIdOf(status)]));
      }
    },
  );

  test('the caches of the workers that were killed — are gone', async () => {
    expect((await readdir(join(world.root, 'cache'))).length).toBeLessThanOrEqual(1);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

function withoutTime(text: string | undefined): string {
  return text?.replace(/\d\d:\d\d UTC/, '') ?? '';
}
