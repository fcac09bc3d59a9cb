import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runJobs } from '../../src/cli/jobs.ts';
import { eventually } from '../support/redis.ts';
import { expectClean, expectShown } from '../support/story-end.ts';
import { createStoryWorld, everyHost, type StoryChange, type StoryWorld } from '../support/story-world.ts';

describe.each(everyHost)('$name, away for long', ({ host }) => {
  let world: StoryWorld;
  let change: StoryChange;
  let mend: () => void;
  beforeAll(async () => {
    // The next try by itself would come in an hour: only somebody's retry brings it sooner.
    const retries = { after: [50, 50], every: 3_600_000 };
    world = await createStoryWorld({
      host,
      timing: { retries },
      recheck: '{ after: [1h], then: 1h, until: 1d }',
    });
  });
  afterAll(() => world.close());

  async function jobs(...args: readonly string[]) {
    let out = '';
    const write = (text: string): void => void (out += text);
    const code = await runJobs(args, {
      env: { ...world.env, MODELGATE_CONFIG: join(world.root, 'modelgate.yaml'), USER: 'ops' },
      cwd: world.root,
      home: world.root,
      stdout: { write },
      stderr: { write },
      stop: new AbortController().signal,
    });
    return { code, out };
  }

  test('a change is opened — the list says which job fails, why, and when it is tried again', async () => {
    mend = world.host.fail('read', { kind: 'broken', status: 502 });
    change = await world.propose('host-away', { 'x.dvc': await world.track('x', 'away\n', 'pushed') });
    await eventually('three tries', async () => / failed 3 times/.test((await jobs('failed')).out));
    const { out } = await jobs('failed');
    expect(out).toMatch(/^gate-change\/\w+\/\d+\/\d+ {2}failed 3 times, since \d+s, next try in 59m \d+s$/m);
    expect(out).toContain('answered 502 to GET');
    expect(world.host.secrets().filter((secret) => out.includes(secret))).toEqual([]);
    expect((await jobs()).out).toContain('note: 1 job fails');
    expect((await jobs('workers')).out).toContain('version 0.1.0');
  });

  test('it is back, and somebody retries — the verdict comes, and nothing fails any more', async () => {
    mend();
    const [, key = ''] = /^(\S+)/.exec((await jobs('failed')).out) ?? [];
    expect(await jobs('retry', key)).toEqual({ code: 0, out: `${key} is due at once.\n` });
    await world.status(change, ({ state }) => state === 'success');
    await eventually('the list is empty', async () => (await jobs('failed')).out === 'No job fails.\n');
    await expectShown(world, change, { state: 'success', comments: 1 });
    expect((await jobs('audit')).out).toMatch(/ops at a terminal +retry +gate-change\//);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
