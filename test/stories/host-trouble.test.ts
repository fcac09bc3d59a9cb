import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RequestKind, StoryFault } from '../support/hosts/story-host.ts';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown, ourComments } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe.each(everyHost)('$name in trouble', ({ host }) => {
  let world: StoryWorld;
  let end: (() => void)[] = [];
  beforeAll(async () => {
    world = await createStoryWorld({
      host,
      recheck: '{ after: [1h], then: 1h, until: 1d }',
      timing: { requests: { headersMs: 300, bodyMs: 300, totalMs: 500 } },
    });
  });
  afterEach(() => {
    for (const stop of end) stop();
    end = [];
  });
  afterAll(() => world.close());

  function fail(on: RequestKind, fault: StoryFault, times?: number): void {
    end.push(world.host.fail(on, fault, times));
  }

  const once: readonly [string, RequestKind, StoryFault][] = [
    ['reading the change is answered 500', 'read', { kind: 'broken', status: 500 }],
    ['reading the change is answered 429', 'read', { kind: 'busy', retryAfter: 1 }],
    ['reading the change is not answered', 'read', { kind: 'hang' }],
    ['reading the change is cut off', 'read', { kind: 'drop' }],
    ['writing the status is answered 503', 'status', { kind: 'broken', status: 503 }],
    ['writing the status is done and answered 502', 'status', { kind: 'lost' }],
    ['writing the status is not answered', 'status', { kind: 'hang' }],
    ['writing the comment is answered 500', 'comment', { kind: 'broken', status: 500 }],
    ['writing the comment is done and answered 502', 'comment', { kind: 'lost' }],
  ];
  test.each(once)('%s, once — the change ends with one status and one comment', async (name, on, fault) => {
    const branch = name.replace(/\W+/g, '-');
    fail(on, fault, 1);
    const change = await world.propose(branch, {
      'd.csv.dvc': await world.track('d.csv', name, 'not pushed'),
    });

    await world.status(change, ({ state }) => state === 'failure');
    await eventually('the comment', () => ourComments(world, change).length > 0);
    const { status } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(status.description).toContain('data/missing-on-remote');
  });

  test('429 — is not asked again before Retry-After', async () => {
    fail('read', { kind: 'busy', retryAfter: 2 }, 1);
    const asked: number[] = [];
    end.push(
      world.host.observe((request) => {
        if (request === 'read') asked.push(Date.now());
      }),
    );
    const change = await world.propose('busy', { 'NOTES.md': 'busy\n' });

    await world.status(change, ({ state }) => state === 'success');
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(1900);
  });

  test('git is refused, try after try — «could not decide»; later it works — judged after all', async () => {
    const stop = world.host.fail('git', { kind: 'broken', status: 503 });
    end.push(stop);
    const change = await world.propose('no-git', {
      'd.csv.dvc': await world.track('d.csv', 'git', 'pushed'),
    });

    const undecided = await world.status(change, ({ state }) => state === 'failure');
    expect(undecided.description).toMatch(/^could not decide: /);
    const page = await fetch(undecided.url);
    expect(page.status).toBe(200);
    stop();

    await world.status(change, ({ state }) => state === 'success');
    const { status } = await expectShown(world, change, { state: 'success', comments: 1 });
    expect(await (await fetch(status.url)).text()).not.toContain('could not decide:');
  });

  test('the API is away for longer than the tries — judged when it is back', async () => {
    fail('read', { kind: 'broken', status: 502 }, 6);
    const change = await world.propose('away', { 'NOTES.md': 'away\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('the verdict cannot be shown, try after try — it is shown later, and never called undecided', async () => {
    fail('comment', { kind: 'broken', status: 500 }, 5);
    const change = await world.propose('no-note', {
      'd.csv.dvc': await world.track('d.csv', 'note', 'not pushed'),
    });

    await eventually('the comment', () => ourComments(world, change).length > 0);
    await expectShown(world, change, { state: 'failure', comments: 1 });
    const said = world.host.statuses(change).map(({ description }) => description ?? '');
    expect(said.filter((text) => text.startsWith('could not decide'))).toEqual([]);
  });

  test('statuses are refused, try after try — the right one is shown later', async () => {
    fail('status', { kind: 'broken', status: 500 }, 7);
    const change = await world.propose('no-status', { 'NOTES.md': 'status\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
