import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { Webhooks } from '@octokit/webhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/sandbox/github/state.ts';
import { handClock, type HandClock } from './hand-clock.ts';
import { mark, told } from './told.ts';
import { startReceiver } from '../receiver.ts';
import { appEvents, appPermissions, startTestWorld, type TestWorld } from './world.ts';

const run = promisify(execFile);
let world: TestWorld;
let clock: HandClock;

beforeEach(async () => {
  clock = handClock();
  world = await startTestWorld({ clock });
});

afterEach(() => world.close());

function lastDelivery(): Delivery {
  const found = world.github.deliveries.at(-1);
  if (found === undefined) throw new Error('nothing was delivered');
  return found;
}

describe('delivery', () => {
  test('to an App — signed, with all headers', async () => {
    const { receiver, app } = world;
    const push = receiver.received.find((entry) => entry.headers['x-github-event'] === 'push');
    if (push === undefined) throw new Error('no push');
    expect(push.headers).toMatchObject({
      'content-type': 'application/json',
      'x-github-delivery': expect.stringMatching(/^[\da-f-]{36}$/),
      'x-github-hook-id': String(app.hook?.id),
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': String(app.id),
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    });
    expect(push.headers['x-github-enterprise-host']).toBeUndefined();
    const signature = push.headers['x-hub-signature-256'] ?? '';
    expect(await new Webhooks({ secret: 'hush' }).verify(push.text, signature)).toBe(true);
    expect(await new Webhooks({ secret: 'other' }).verify(push.text, signature)).toBe(false);
  });

  test('to a hook of the repository — names no installation', async () => {
    const { github, repository, receiver } = world;
    const mine = await startReceiver();
    github.addHook(repository, { url: mine.url, secret: 'own', events: ['push'] });
    await github.commit(repository, 'main', { 'b.txt': 'b\n' }, 'B');
    await github.idle();
    await mine.close();
    const events = mine.received.map((entry) => entry.headers['x-github-event']);
    expect(new Set(events)).toEqual(new Set(['ping', 'push']));
    const push = mine.received.find((entry) => entry.headers['x-github-event'] === 'push');
    expect(push?.headers['x-github-hook-installation-target-type']).toBe('repository');
    expect(push?.headers['x-github-hook-installation-target-id']).toBe(String(repository.id));
    expect(push?.body.installation).toBeUndefined();
    expect(receiver.received.at(-1)?.body.installation).toBeDefined();
  });

  test('as a form — the payload is one field', async () => {
    const { github, repository } = world;
    let text = '';
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => response.writeHead(415).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    github.addHook(repository, { url: `http://127.0.0.1:${port}/`, contentType: 'form' });
    await github.idle();
    await new Promise((resolve) => server.close(resolve));
    expect(JSON.parse(new URLSearchParams(text).get('payload') ?? '')).toHaveProperty('zen');
    expect(lastDelivery()).toMatchObject({ status: 'Invalid HTTP Response: 415', statusCode: 415 });
  });

  test('of an event without subscription or permission — is not made', async () => {
    const { github, installation, repository } = world;
    const { merge_queues: _queues, ...fewer } = appPermissions;
    github.acceptPermissions(installation, fewer);
    await github.commit(repository, 'feature', { 'a.txt': 'a\n' }, 'A');
    const pull = await github.openPull(repository, { head: 'feature' });
    const since = await mark(world);
    await github.enqueue(pull);
    expect(await told(world, 'merge_group', since)).toEqual([]);
    expect(await told(world, 'pull_request', since)).toMatchObject([{ action: 'enqueued' }]);
    expect(appEvents).toContain('merge_group');
  });

  test('more than three tags at once — no push for any of them', async () => {
    const { github, repository, first, people } = world;
    const since = await mark(world);
    const url = new URL(`${github.url}/acme/auto-mpg.git`);
    Object.assign(url, { username: 'x-access-token', password: people.dev.token });
    const tags = ['a', 'b', 'c', 'd'].map((name) => `${first}:refs/tags/${name}`);
    await run('git', ['--git-dir', repository.directory, 'push', '--quiet', url.href, ...tags.slice(0, 3)]);
    expect(await told(world, 'push', since)).toHaveLength(3);
    const names = ['e', 'f', 'g', 'h'].map((name) => `${first}:refs/tags/${name}`);
    await run('git', ['--git-dir', repository.directory, 'push', '--quiet', url.href, ...names]);
    expect(await told(world, 'push', since)).toHaveLength(3);
  });
});

describe('receiver', () => {
  test.each([
    [500, 'Invalid HTTP Response: 500', 500],
    [202, 'OK', 202],
  ])('that answers %i — is recorded, and not asked again', async (answer, status, code) => {
    const { github, repository, receiver } = world;
    receiver.answer(answer);
    const before = github.deliveries.length;
    await github.push(repository, 'refs/heads/x', world.first);
    await github.idle();
    const made = github.deliveries.slice(before).filter((delivery) => delivery.event === 'push');
    expect(made).toMatchObject([{ status, statusCode: code }]);
  });

  test('that does not answer — timed out', async () => {
    const { github, repository, receiver } = world;
    github.knobs.webhookTimeoutMs = 30;
    receiver.answer(0);
    await github.push(repository, 'refs/heads/x', world.first);
    await github.idle();
    expect(lastDelivery()).toMatchObject({ status: 'timed out', statusCode: 504 });
  });

  test('that is away — could not be reached', async () => {
    const { github, repository } = world;
    github.addHook(repository, { url: 'http://127.0.0.1:1/' });
    await github.idle();
    expect(lastDelivery()).toMatchObject({ status: 'failed to connect to host', statusCode: 502 });
  });
});

describe('missed deliveries', () => {
  test('are listed newest first by a cursor, shown, and sent again under the same GUID', async () => {
    const { github, repository, receiver } = world;
    receiver.answer(500);
    await github.push(repository, 'refs/heads/x', world.first);
    await github.idle();
    receiver.answer(202);
    const failed = await world.api(
      'GET',
      '/app/hook/deliveries?status=failure&per_page=100',
      undefined,
      world.jwt(),
    );
    const [entry] = failed.body;
    expect(failed.body).toHaveLength(1);
    expect(entry).toMatchObject({
      event: 'push',
      status_code: 500,
      redelivery: false,
      repository_id: repository.id,
    });
    const one = await world.api('GET', `/app/hook/deliveries/${entry.id}`, undefined, world.jwt());
    expect(one.body.request.payload).toMatchObject({ ref: 'refs/heads/x' });
    expect(Object.keys(one.body.request.headers)).not.toContain('x-hub-signature-256');
    const again = await world.api(
      'POST',
      `/app/hook/deliveries/${entry.id}/attempts`,
      undefined,
      world.jwt(),
    );
    expect(again.status).toBe(202);
    await github.idle();
    expect(lastDelivery()).toMatchObject({ guid: entry.guid, redelivery: true, status: 'OK' });
    expect(receiver.received.at(-1)?.headers['x-github-delivery']).toBe(entry.guid);
    const first = await world.api('GET', '/app/hook/deliveries?per_page=2', undefined, world.jwt());
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await world.api('GET', next.slice(github.apiUrl.length), undefined, world.jwt());
    const all = [...first.body, ...second.body].map((delivery: { id: number }) => delivery.id);
    expect(new Set(all).size).toBe(4);
  });

  test('are gone after three days', async () => {
    clock.advance(3 * 86_400_000 + 1);
    expect((await world.api('GET', '/app/hook/deliveries', undefined, world.jwt())).body).toEqual([]);
  });

  test('of another App or nobody — not shown', async () => {
    const id = lastDelivery().id;
    expect((await world.api('GET', `/app/hook/deliveries/${id}`)).status).toBe(401);
    expect((await world.api('POST', '/app/hook/deliveries/1/attempts', undefined, world.jwt())).status).toBe(
      404,
    );
  });
});

test('an Enterprise Server — has the API below /api/v3, and names itself', async () => {
  const other = await startTestWorld({ enterprise: '3.19.1' });
  const { github } = other;
  expect(github.apiUrl).toBe(`${github.url}/api/v3`);
  const got = await other.api('GET', '/repos/acme/auto-mpg');
  expect(got.body).toMatchObject({
    url: `${github.apiUrl}/repos/acme/auto-mpg`,
    html_url: `${github.url}/acme/auto-mpg`,
  });
  expect([got.headers.get('x-github-enterprise-version'), got.headers.get('x-ratelimit-limit')]).toEqual([
    '3.19.1',
    null,
  ]);
  expect((await fetch(`${github.url}/repos/acme/auto-mpg`)).status).toBe(404);
  expect((await other.api('GET', '/meta')).body).toMatchObject({ installed_version: '3.19.1' });
  expect(other.receiver.received[0]?.headers).toMatchObject({
    'x-github-enterprise-host': new URL(github.url).host,
    'x-github-enterprise-version': '3.19.1',
  });
  await other.close();
});
