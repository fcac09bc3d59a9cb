import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
beforeAll(async () => void (world = await startTestWorld()));
afterAll(async () => world.close());

test('smoke', async () => {
  const { github, repository } = world;
  const sha = await github.commit(repository, 'feature', { 'a.txt': 'x\n' }, { message: 'A', as: 'dev' });
  const pull = await github.openPull(repository, { head: 'feature', as: 'dev' });
  const repo = '/repos/acme/auto-mpg';
  const jwt = world.jwt();
  const seen: unknown[] = [];
  const go = async (method: string, path: string, body?: unknown, token?: string) => {
    const got = await world.api(method, path, body, token);
    seen.push([method, path, got.status, got.status >= 400 ? got.body : undefined]);
    return got.body;
  };
  await go('GET', '/app', undefined, jwt);
  await go('GET', '/app/installations', undefined, jwt);
  await go('GET', `${repo}/installation`, undefined, jwt);
  const token = await go(
    'POST',
    `/app/installations/${world.installation.id}/access_tokens`,
    { repository_ids: [repository.id], permissions: { checks: 'write' } },
    jwt,
  );
  await go('GET', '/installation/repositories', undefined, token.token);
  await go('GET', repo);
  await go('GET', `${repo}/pulls`);
  await go('GET', `${repo}/pulls/1`);
  await go('GET', `${repo}/commits/${sha}/pulls`);
  await go('GET', `${repo}/branches/main`);
  await go('GET', `${repo}/branches`);
  await go('GET', `${repo}/commits/main`);
  await go('GET', `${repo}/git/ref/heads%2Fmain`);
  await go('GET', `${repo}/collaborators/dev/permission`);
  const run = await go(
    'POST',
    `${repo}/check-runs`,
    { name: 'gate', head_sha: sha, status: 'in_progress' },
    token.token,
  );
  await go('PATCH', `${repo}/check-runs/${run.id}`, {
    status: 'completed',
    conclusion: 'success',
    output: {
      title: 't',
      summary: 's',
      annotations: [{ path: 'a.txt', start_line: 1, end_line: 1, annotation_level: 'warning', message: 'm' }],
    },
  });
  await go('GET', `${repo}/check-runs/${run.id}`);
  await go('GET', `${repo}/check-runs/${run.id}/annotations`);
  await go('GET', `${repo}/commits/${sha}/check-runs?check_name=gate&app_id=${world.app.id}`);
  await go('POST', `${repo}/statuses/${sha}`, { state: 'success', context: 'x' });
  await go('GET', `${repo}/commits/${sha}/statuses`);
  await go('GET', `${repo}/commits/${sha}/status`);
  const comment = await go('POST', `${repo}/issues/1/comments`, { body: 'hi' });
  await go('PATCH', `${repo}/issues/comments/${comment.id}`, { body: 'hi 2' });
  await go('GET', `${repo}/issues/comments/${comment.id}`);
  await go('GET', `${repo}/issues/1/comments`);
  await go('GET', `${repo}/issues/1`);
  await go('DELETE', `${repo}/issues/comments/${comment.id}`);
  const group = await github.enqueue(pull);
  await github.mergeGroup(group);
  await github.idle();
  const list = await go('GET', '/app/hook/deliveries', undefined, jwt);
  await go('GET', `/app/hook/deliveries/${list[0].id}`, undefined, jwt);
  await go('POST', `/app/hook/deliveries/${list[0].id}/attempts`, undefined, jwt);
  await go('GET', `${repo}/hooks`, undefined, world.people.admin.token);
  await go('GET', `${repo}/rules/branches/main`);
  await go('GET', `/user`, undefined, world.people.admin.token);
  await go('GET', `/users/gate%5Bbot%5D`);
  await go('GET', `/meta`);
  await go('GET', `/rate_limit`);
  await github.idle();
  expect(1).toBe(1);
});
