import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExposition } from '../support/exposition.ts';
import { eventually } from '../support/redis.ts';
import { expectClean, expectShown, ourComments } from '../support/story-end.ts';
import type { GitlabStoryHost } from '../support/hosts/gitlab-story-host.ts';
import { createStoryWorld, type StoryChange, type StoryWorld } from '../support/story-world.ts';

describe('a pause of effects', () => {
  let world: StoryWorld<GitlabStoryHost>;
  let writes: string[] = [];
  beforeAll(async () => {
    world = await createStoryWorld({ host: 'gitlab', recheck: '{ after: [1h], then: 1h, until: 1d }' });
    world.host.sandbox.observe(({ method, path }) => {
      if (method !== 'GET') writes.push(`${method} ${path}`);
    });
  });
  afterAll(() => world.close());

  function act(action: string, form: Readonly<Record<string, string>> = {}): Promise<Response> {
    const origin = world.url();
    const body = new URLSearchParams(form);
    return fetch(`${origin}/operations/${action}`, {
      method: 'POST',
      headers: { origin },
      body,
      redirect: 'manual',
    });
  }

  async function page(path: string): Promise<string> {
    return (await fetch(`${world.url()}${path}`)).text();
  }

  async function checkOf(
    name: string,
  ): Promise<{ readonly state: string; readonly what: string } | undefined> {
    const answer = await fetch(`${world.url()}/readyz`);
    expect(answer.status).toBe(200);
    const { checks }: { checks: { check: string; state: string; what: string }[] } = JSON.parse(
      await answer.text(),
    );
    return checks.find(({ check }) => check === name);
  }

  /** The jobs that wait and are about a change; each push is one about its branch, too. */
  async function waiting(): Promise<number> {
    const ids = await world.redis.client.lrange('modelgate:queue:gate:wait', 0, -1);
    const kinds = await Promise.all(
      ids.map((id) => world.redis.client.hget(`modelgate:queue:gate:${id}`, 'name')),
    );
    return kinds.filter((kind) => kind === 'gate-change').length;
  }

  let change: StoryChange;

  test('paused on the page — a change is opened — the job waits, nothing is written, and everybody is told', async () => {
    expect((await act('pause', { reason: 'moving GitLab' })).status).toBe(303);
    await eventually('the worker follows', () =>
      world.lines.some((line) => line.includes('effects are paused')),
    );
    const pointer = await world.track('d.csv', 'paused\n', 'not pushed');
    change = await world.propose('while-paused', { 'd.csv.dvc': pointer });
    await world.host.idle();
    await eventually('the job waits', async () => (await waiting()) === 1);

    expect(writes).toEqual([]);
    expect(await page('/')).toMatch(/<strong>Paused\.<\/strong>.*moving GitLab/);
    expect(await page('/operations')).toContain('moving GitLab');
    expect(await checkOf('effects')).toMatchObject({ state: 'note' });
  });

  test('more pushes, and a restart of the service — still one job, and nothing written', async () => {
    for (const content of ['second\n', 'third\n']) {
      const pointer = await world.track('d.csv', content, 'not pushed');
      await world.host.commit(change.repository, 'while-paused', { 'd.csv.dvc': pointer }, { as: 'ada' });
    }
    await world.host.idle();
    await world.stopService();
    const before = world.lines.length;
    await world.startService();
    await eventually('the new worker follows', () =>
      world.lines.slice(before).some((line) => line.includes('effects are paused')),
    );
    await eventually('the job waits', async () => (await waiting()) === 1);
    expect(writes).toEqual([]);
    expect(world.host.statuses(change)).toEqual([]);
  });

  test('resumed — the verdict of the newest head appears, once', async () => {
    expect((await act('resume')).status).toBe(303);
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });

    // Running and failed of the newest head, and nothing of the heads before it.
    expect(writes.filter((write) => write.includes('/statuses/'))).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining(change.head)),
    );
    expect(writes.filter((write) => write.includes('/notes'))).toHaveLength(1);
    expect(await page('/')).not.toContain('Paused.');
    expect(await checkOf('effects')).toMatchObject({ state: 'ok' });
  });

  test('paused while a change is being judged — nothing more is written; resumed — the verdict comes, once', async () => {
    writes = [];
    let pausing: Promise<unknown> | undefined;
    world.s3.fail({
      when: () => {
        pausing ??= act('pause', { reason: 'stop' });
        return false;
      },
      fault: { kind: 'drop' },
    });
    // The data remote answers only after the pause is in force.
    world.s3.fail({ when: () => pausing !== undefined, times: 1, fault: { kind: 'delay', ms: 1000 } });
    const other = await world.propose('at-work', {
      'e.csv.dvc': await world.track('e.csv', 'at work\n', 'not pushed'),
    });
    await eventually('the pause', () => pausing !== undefined);
    await pausing;
    const atPause = writes.length;
    await eventually('the job is back in the queue', async () => (await waiting()) === 1);
    expect(world.host.statuses(other).map(({ state }) => state)).toEqual(['running']);
    expect(writes.length).toBe(atPause);
    expect(ourComments(world, other)).toEqual([]);

    await act('resume');
    await world.status(other, ({ state }) => state === 'failure');
    await expectShown(world, other, { state: 'failure', comments: 1 });
    const failures = world.lines.filter((line) => /tried again|a defect/.test(line));
    expect(failures).toEqual([]);
  });

  test('what happened — is in the figures', async () => {
    const families = parseExposition(await page('/metrics'));
    const has = (name: string, labels: Readonly<Record<string, string>>): boolean =>
      families
        .flatMap(({ samples }) => samples)
        .some(
          (sample) =>
            sample.name === name &&
            sample.value > 0 &&
            Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
        );
    const host = 'gitlab';
    const seen = [
      has('modelgate_webhook_received_total', { host, event: 'change-touched', result: 'accepted' }),
      has('modelgate_event_to_start_seconds_count', { kind: 'gate-change' }),
      has('modelgate_check_seconds_count', { check: 'data', verdict: 'failed' }),
      has('modelgate_forge_requests_total', {
        host,
        endpoint: 'GET projects/:id/merge_requests/:id',
        code: '200',
        cached: 'no',
      }),
      has('modelgate_forge_requests_total', { endpoint: 'POST projects/:id/statuses/:id', code: '201' }),
      has('modelgate_report_writes_total', { host, what: 'status', result: 'written' }),
      has('modelgate_report_writes_total', { host, result: 'paused' }),
      has('modelgate_sweeper_last_success_timestamp', { host }),
      has('modelgate_build_info', { version: '0.1.0' }),
    ];
    expect(seen).toEqual(seen.map(() => true));
  });

  test('who did it, and why — is in the audit', async () => {
    const entries = await world.redis.client.xrange('modelgate:audit', '-', '+');
    expect(entries.map(([, fields]) => fields[fields.indexOf('action') + 1])).toEqual([
      'pause',
      'resume',
      'pause',
      'resume',
    ]);
    expect(entries[0]?.[1]).toEqual(expect.arrayContaining(['operator', 'moving GitLab']));
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
