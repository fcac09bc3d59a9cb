import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ApiFault, ApiRequest } from '../../src/sandbox/gitlab/api/faults.ts';
import { createStoryWorld, statusesOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown, ourNotes } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

const isRead = ({ method, path }: ApiRequest): boolean =>
  method === 'GET' && /\/merge_requests\/\d+$/.test(path);
const isStatus = ({ method, path }: ApiRequest): boolean => method === 'POST' && path.includes('/statuses/');
const isNote = ({ method, path }: ApiRequest): boolean => method !== 'GET' && path.includes('/notes');

describe('GitLab in trouble', () => {
  let world: StoryWorld;
  let end: (() => void)[] = [];
  beforeAll(async () => {
    world = await createStoryWorld({
      recheck: '{ after: [1h], then: 1h, until: 1d }',
      timing: { requests: { headersMs: 300, bodyMs: 300, totalMs: 500 } },
    });
  });
  afterEach(() => {
    for (const stop of end) stop();
    end = [];
  });
  afterAll(() => world.close());

  function fail(when: (request: ApiRequest) => boolean, fault: ApiFault, times?: number): void {
    end.push(world.gitlab.fail({ when, fault, ...(times !== undefined && { times }) }));
  }

  const once: readonly [string, (request: ApiRequest) => boolean, ApiFault][] = [
    ['reading the change is answered 500', isRead, { kind: 'status', status: 500 }],
    ['reading the change is answered 429', isRead, { kind: 'rate-limited', retryAfter: 1 }],
    ['reading the change is not answered', isRead, { kind: 'hang' }],
    ['reading the change is cut off', isRead, { kind: 'drop' }],
    ['writing the status is answered 503', isStatus, { kind: 'status', status: 503 }],
    ['writing the status is done and answered 502', isStatus, { kind: 'applied-then-502' }],
    ['writing the status is not answered', isStatus, { kind: 'hang' }],
    ['writing the note is answered 500', isNote, { kind: 'status', status: 500 }],
    ['writing the note is done and answered 502', isNote, { kind: 'applied-then-502' }],
  ];
  test.each(once)('%s, once — the change ends with one status and one note', async (name, when, fault) => {
    const branch = name.replace(/\W+/g, '-');
    fail(when, fault, 1);
    const change = await world.propose(branch, {
      'd.csv.dvc': await world.track('d.csv', name, 'not pushed'),
    });

    await world.status(change, ({ status }) => status === 'failed');
    await eventually('the note', () => ourNotes(world, change).length > 0);
    const { status } = await expectShown(world, change, { status: 'failed', notes: 1 });
    expect(status.description).toContain('data/missing-on-remote');
  });

  test('429 — is not asked again before Retry-After', async () => {
    fail(isRead, { kind: 'rate-limited', retryAfter: 2 }, 1);
    const asked: number[] = [];
    end.push(
      world.gitlab.observe((request) => {
        if (isRead(request)) asked.push(Date.now());
      }),
    );
    const change = await world.propose('busy', { 'NOTES.md': 'busy\n' });

    await world.status(change, ({ status }) => status === 'success');
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(1900);
  });

  test('git is refused, try after try — «could not decide»; later it works — judged after all', async () => {
    const stop = world.gitlab.failGit({ when: () => true, fault: { kind: 'status', status: 503 } });
    end.push(stop);
    const change = await world.propose('no-git', {
      'd.csv.dvc': await world.track('d.csv', 'git', 'pushed'),
    });

    const undecided = await world.status(change, ({ status }) => status === 'failed');
    expect(undecided.description).toMatch(/^could not decide: /);
    const page = await fetch(undecided.targetUrl ?? '');
    expect(page.status).toBe(200);
    stop();

    await world.status(change, ({ status }) => status === 'success');
    const { status } = await expectShown(world, change, { status: 'success', notes: 1 });
    expect(await (await fetch(status.targetUrl ?? '')).text()).not.toContain('could not decide:');
  });

  test('the API is away for longer than the tries — judged when it is back', async () => {
    fail(isRead, { kind: 'status', status: 502 }, 6);
    const change = await world.propose('away', { 'NOTES.md': 'away\n' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 0 });
  });

  test('the verdict cannot be shown, try after try — it is shown later, and never called undecided', async () => {
    fail(isNote, { kind: 'status', status: 500 }, 5);
    const change = await world.propose('no-note', {
      'd.csv.dvc': await world.track('d.csv', 'note', 'not pushed'),
    });

    await eventually('the note', () => ourNotes(world, change).length > 0);
    await expectShown(world, change, { status: 'failed', notes: 1 });
    const said = statusesOf(world.gitlab, change).map(({ description }) => description ?? '');
    expect(said.filter((text) => text.startsWith('could not decide'))).toEqual([]);
  });

  test('statuses are refused, try after try — the right one is shown later', async () => {
    fail(isStatus, { kind: 'status', status: 500 }, 7);
    const change = await world.propose('no-status', { 'NOTES.md': 'status\n' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
