import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pauseAfter } from '../../../src/sandbox/gitlab/hooks/auto-disable.ts';
import { signatureOf } from '../../../src/sandbox/gitlab/hooks/headers.ts';
import { startReceiver, type Received, type WebhookReceiver } from '../receiver.ts';
import { startTestWorld, type TestWorld } from './world.ts';

const signingToken = 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';
let world: TestWorld;
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
  world = await startTestWorld();
  world.gitlab.addHook(world.project, { url: receiver.url, secretToken: 'hush', signingToken });
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

const nothing: Received = { headers: {}, text: '', body: undefined };

/** What came since the last look, in the order of its kinds, once everything is quiet. */
let looked = 0;
beforeEach(() => void (looked = 0));
async function next(): Promise<readonly Received[]> {
  await world.gitlab.idle();
  const fresh = receiver.received.slice(looked);
  looked = receiver.received.length;
  return fresh;
}

async function told(): Promise<readonly string[]> {
  const fresh = await next();
  return fresh
    .map(
      ({ headers, body }) =>
        `${headers['x-gitlab-event']} ${body.object_attributes?.action ?? body.object_attributes?.status ?? body.ref}`,
    )
    .sort();
}

describe('a merge request’s life', () => {
  test('every step is told once', async () => {
    const { gitlab, project } = world;
    await gitlab.commit(project, 'feature', { 'data.dvc': '1' }, 'Data');
    expect(await told()).toEqual(['Push Hook refs/heads/feature']);
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature', as: 'dev' });
    expect(await told()).toEqual(['Merge Request Hook open']);
    const oldrev = mergeRequest.sha;
    await gitlab.commit(project, 'feature', { 'data.dvc': '2' }, { message: 'More', as: 'dev' });
    const pushed = await next();
    const update = pushed.find(({ body }) => body.object_kind === 'merge_request')?.body;
    expect(update.object_attributes).toMatchObject({
      action: 'update',
      oldrev,
      last_commit: { id: mergeRequest.sha },
      state: 'opened',
    });
    await gitlab.editMergeRequest(mergeRequest, { title: 'Draft: not yet', as: 'dev' });
    const [edited] = await next();
    expect(edited?.body.changes).toEqual({
      title: { previous: 'Merge feature', current: 'Draft: not yet' },
      draft: { previous: false, current: true },
    });
    expect(edited?.body.object_attributes).not.toHaveProperty('oldrev');
    await gitlab.closeMergeRequest(mergeRequest);
    await gitlab.reopenMergeRequest(mergeRequest);
    await gitlab.editMergeRequest(mergeRequest, { title: 'Now' });
    expect(await told()).toEqual([
      'Merge Request Hook close',
      'Merge Request Hook reopen',
      'Merge Request Hook update',
    ]);
    const tip = await gitlab.merge(mergeRequest, { as: 'owner' });
    const merged = await next();
    expect(merged.map(({ headers }) => String(headers['x-gitlab-event'])).sort()).toEqual([
      'Merge Request Hook',
      'Push Hook',
    ]);
    const merge = merged.find(({ body }) => body.object_kind === 'merge_request')?.body;
    expect(merge.object_attributes).toMatchObject({
      action: 'merge',
      state: 'merged',
      state_id: 3,
      merge_commit_sha: tip,
    });
    const push = merged.find(({ body }) => body.object_kind === 'push')?.body;
    expect(push).toMatchObject({
      ref: 'refs/heads/main',
      before: world.first,
      after: tip,
      total_commits_count: 3,
      ref_protected: true,
    });
  });

  test('comments, their edits, and a fork’s merge request', async () => {
    const { gitlab, project, users } = world;
    const fork = await gitlab.fork(project, { path: 'stranger/auto-mpg', owner: 'stranger' });
    await gitlab.commit(fork, 'patch', { 'data.dvc': '1' }, 'Patch');
    const mergeRequest = await gitlab.openMergeRequest(project, {
      sourceProject: fork,
      source: 'patch',
      as: 'stranger',
    });
    const [open] = await next();
    expect(open?.body).toMatchObject({
      project: { id: project.id },
      user: { id: users.stranger.id },
      object_attributes: {
        source_project_id: fork.id,
        target_project_id: project.id,
        source: { path_with_namespace: 'stranger/auto-mpg' },
      },
    });
    const note = await gitlab.comment('dev', mergeRequest, '/gate check');
    await gitlab.idle();
    await gitlab.editComment('dev', mergeRequest, note!, 'edited');
    const notes = await next();
    expect(
      notes.map(({ body }) => [
        body.object_attributes.action,
        body.object_attributes.note,
        body.user.username,
        body.merge_request.iid,
      ]),
    ).toEqual([
      ['create', '/gate check', 'dev', 1],
      ['update', 'edited', 'dev', 1],
    ]);
  });
});

describe('pushes', () => {
  test('branches and tags: created, moved, deleted', async () => {
    const { gitlab, project, first } = world;
    const zero = '0'.repeat(40);
    await gitlab.push(project, 'refs/heads/copy', first);
    await gitlab.push(project, 'refs/heads/copy', undefined);
    await gitlab.push(project, 'refs/tags/v1', first);
    const bodies = (await next()).map(({ body }) =>
      [body.object_kind, body.before, body.after, body.checkout_sha, body.commits.length].join(' '),
    );
    expect(bodies.sort()).toEqual(
      [
        `push ${zero} ${first} ${first} 0`,
        `push ${first} ${zero}  0`,
        `tag_push ${zero} ${first} ${first} 0`,
      ].sort(),
    );
  });

  test('25 commits: the newest 20 are listed, oldest first, and all are counted', async () => {
    const { gitlab, project, first } = world;
    let sha = first;
    gitlab.knobs.pushEventHooksLimit = 0;
    for (let index = 1; index <= 25; index += 1)
      sha = await gitlab.commit(project, 'long', { n: String(index) }, `Commit ${index}`);
    await gitlab.push(project, 'refs/heads/long', undefined);
    gitlab.knobs.pushEventHooksLimit = 3;
    await gitlab.push(project, 'refs/heads/long', sha);
    const [push] = await next();
    expect(push?.body.total_commits_count).toBe(25);
    expect(push?.body.commits.map((commit: { title: string }) => commit.title)).toEqual(
      Array.from({ length: 20 }, (_, index) => `Commit ${index + 6}`),
    );
    expect(push?.body.commits[0]).toMatchObject({ added: [], modified: ['n'], removed: [] });
  });
});

describe('pipelines', () => {
  test('with CI, a merge request gets a pipeline of its own a while after the push', async () => {
    const { gitlab, project } = world;
    gitlab.setProject(project, { ciEnabled: true });
    const sha = await gitlab.commit(project, 'feature', { 'data.dvc': '1' }, 'Data');
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature' });
    expect(await told()).toEqual([
      'Merge Request Hook open',
      ...Array.from({ length: 2 }, () => 'Pipeline Hook pending'),
      ...Array.from({ length: 2 }, () => 'Pipeline Hook running'),
      ...Array.from({ length: 2 }, () => 'Pipeline Hook success'),
      'Push Hook refs/heads/feature',
    ]);
    const { body } = await world.api(
      'GET',
      `/projects/${project.id}/merge_requests/${mergeRequest.iid}/pipelines`,
    );
    expect(body).toMatchObject([
      { sha, ref: 'refs/merge-requests/1/head', source: 'merge_request_event', status: 'success' },
      { sha, ref: 'feature', source: 'push', status: 'success' },
    ]);
  });

  test('merged results run on a commit that is not the head', async () => {
    const { gitlab, project } = world;
    gitlab.setProject(project, { ciEnabled: true, mergePipelinesEnabled: true });
    const mergeRequest = await gitlab
      .commit(project, 'feature', { a: '1' }, 'A')
      .then(() => gitlab.openMergeRequest(project, { source: 'feature' }));
    await gitlab.idle();
    const [pipeline] = gitlab.pipelines(mergeRequest);
    expect([pipeline?.ref, pipeline?.sha === mergeRequest.sha, pipeline?.sourceSha]).toEqual([
      'refs/merge-requests/1/merge',
      false,
      mergeRequest.sha,
    ]);
  });

  test('a posted status is heard of as an external pipeline, unless it continues the chain that caused it', async () => {
    const { gitlab, project, users } = world;
    const sha = await gitlab.commit(project, 'feature', { a: '1' }, 'A');
    const [push] = await next();
    const path = `${gitlab.url}/api/v4/projects/${project.id}/statuses/${sha}`;
    const post = (state: string, headers: Record<string, string>): Promise<Response> =>
      fetch(path, {
        method: 'POST',
        headers: { 'private-token': users.bot.token, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ state }),
      });
    await post('running', { 'x-gitlab-event-uuid': push?.headers['x-gitlab-event-uuid'] ?? '' });
    expect(await told()).toEqual([]);
    await post('success', {});
    const [heard] = await next();
    expect(heard?.body).toMatchObject({
      object_kind: 'pipeline',
      object_attributes: { source: 'external', status: 'success', sha },
      merge_request: null,
      builds: [],
    });
  });
});

describe('a delivery', () => {
  test('the signature’s test vector', () => {
    const message = {
      id: 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      timestamp: '1767225600',
      body: '{"object_kind":"push"}',
    };
    expect(signatureOf(signingToken, message)).toBe('v1,XHkV1n/7Fn8bvQ3+sVVfnhT2vKhDAe8QMdXXo6E/ySc=');
  });

  test('has all headers, and a signature over its bytes', async () => {
    await world.gitlab.commit(world.project, 'a', { a: 'ü' }, 'Ümlaut ✓');
    const [{ headers, text } = nothing] = await next();
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'GitLab/19.5.0-ee',
      'x-gitlab-event': 'Push Hook',
      'x-gitlab-instance': world.gitlab.url,
      'x-gitlab-token': 'hush',
      'x-gitlab-webhook-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-gitlab-event-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'webhook-id': headers['idempotency-key'],
    });
    const message = {
      id: headers['webhook-id'] ?? '',
      timestamp: headers['webhook-timestamp'] ?? '',
      body: text,
    };
    expect(headers['webhook-signature']).toBe(signatureOf(signingToken, message));
  });

  test('sent again keeps its key and body', async () => {
    await world.gitlab.commit(world.project, 'a', { a: '1' }, 'A');
    await world.gitlab.idle();
    await world.gitlab.resend(world.gitlab.deliveries[0]?.id ?? 0);
    const [one, two] = receiver.received;
    expect([two?.headers['webhook-id'], two?.text]).toEqual([one?.headers['webhook-id'], one?.text]);
    expect(two?.headers['x-gitlab-webhook-uuid']).not.toBe(one?.headers['x-gitlab-webhook-uuid']);
  });

  test.each([
    ['17.3.0', [false, false]],
    ['18.0.0', [true, false]],
    ['19.1.0', [true, true]],
  ])('version %s: key and signature %o', async (version, expected) => {
    const old = await startTestWorld({ version });
    old.gitlab.addHook(old.project, { url: receiver.url, signingToken });
    await old.gitlab.commit(old.project, 'a', { a: '1' }, 'A');
    await old.gitlab.idle();
    await old.close();
    const headers = receiver.received[0]?.headers ?? {};
    expect(['idempotency-key' in headers, 'webhook-signature' in headers]).toEqual(expected);
  });

  test('that is refused or never answered is not repeated, but logged', async () => {
    world.gitlab.knobs.webhookTimeoutMs = 30;
    for (const status of [500, 0, 302]) {
      receiver.answer(status);
      await world.gitlab.commit(world.project, 'a', { a: String(status) }, 'A');
      await world.gitlab.idle();
    }
    expect(world.gitlab.deliveries.map((delivery) => delivery.responseStatus)).toEqual([
      500,
      'internal error',
      302,
    ]);
    const { body } = await world.api(
      'GET',
      `/projects/${world.project.id}/hooks/${world.project.hooks[0]?.id}/events`,
      undefined,
      world.users.owner.token,
    );
    expect(body.map((event: { response_status: string }) => event.response_status)).toEqual([
      '302',
      'internal error',
      '500',
    ]);
  });
});

test('closing does not wait for a receiver that never answers', async () => {
  receiver.answer(0);
  await world.gitlab.commit(world.project, 'a', { a: '1' }, 'A');
  await expect.poll(() => receiver.received.length).toBe(1);
  const before = performance.now();
  await world.gitlab.close();
  expect(performance.now() - before).toBeLessThan(1_000);
});

describe('a failing hook', () => {
  test.each([
    [3, 0],
    [4, 60_000],
    [5, 120_000],
    [14, 61_440_000],
    [15, 86_400_000],
    [39, 86_400_000],
    [40, 'for-good'],
  ])('failure %i pauses for %s ms', (failures, pause) => {
    expect(pauseAfter(failures)).toBe(pause);
  });

  test('is paused at the fourth failure, loses events meanwhile, and is enabled by a successful test', async () => {
    const { gitlab, project, users } = world;
    receiver.answer(500);
    for (let index = 0; index < 5; index += 1) {
      await gitlab.commit(project, 'a', { a: String(index) }, 'A');
      await gitlab.idle();
    }
    expect(receiver.received).toHaveLength(4);
    const path = `/projects/${project.id}/hooks`;
    const { body } = await world.api('GET', path, undefined, users.owner.token);
    expect(body[0]).toMatchObject({
      alert_status: 'temporarily_disabled',
      disabled_until: expect.any(String),
      token_present: true,
    });
    receiver.answer(200);
    await world.api('POST', `${path}/${body[0].id}/test/push_events`, {}, users.owner.token);
    await gitlab.commit(project, 'a', { a: 'again' }, 'A');
    await gitlab.idle();
    expect(receiver.received).toHaveLength(6);
  });
});

const corpus = new URL('../../../../shared/corpora/gitlab-payloads/', import.meta.url);
describe.skipIf(!existsSync(corpus))(
  'bodies next to recorded ones (skipped without ../shared/corpora)',
  () => {
    const names: Readonly<Record<string, string>> = {
      push: 'push-branch',
      tag_push: 'tag_push-create',
      open: 'merge_request-open-full',
      note: 'note-merge_request',
      pipeline: 'pipeline-finished',
    };

    test('fields that both have are of the same type', async () => {
      const { gitlab, project, first } = world;
      gitlab.setProject(project, { ciEnabled: true });
      await gitlab.commit(project, 'feature', { a: '1' }, 'A');
      const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature', labels: ['data'] });
      await gitlab.comment('dev', mergeRequest, 'text');
      await gitlab.push(project, 'refs/tags/v1', first);
      await gitlab.idle();
      for (const [kind, file] of Object.entries(names)) {
        const ours = receiver.received.find(
          ({ body }) => body.object_kind === kind || body.object_attributes?.action === kind,
        )?.body;
        const recorded: unknown = JSON.parse(readFileSync(new URL(`${file}.json`, corpus), 'utf8'));
        expect([kind, ...differences(recorded, ours, '')]).toEqual([kind]);
      }
    });
  },
);

function differences(recorded: unknown, ours: unknown, path: string): readonly string[] {
  if (recorded === null || ours === null) return [];
  if (typeof recorded !== typeof ours || Array.isArray(recorded) !== Array.isArray(ours)) return [path];
  if (typeof recorded !== 'object' || typeof ours !== 'object') return [];
  const others = new Map(Object.entries(ours));
  return Object.entries(recorded)
    .filter(([name]) => others.has(name))
    .flatMap(([name, value]) => differences(value, others.get(name), `${path}/${name}`));
}
