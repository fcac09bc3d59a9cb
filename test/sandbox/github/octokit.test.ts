import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestWorld, type TestWorld } from './world.ts';

const tokenShape = z.object({ token: z.string() });
let world: TestWorld;
beforeAll(async () => void (world = await startTestWorld({ enterprise: '3.19.1' })));
afterAll(() => world.close());

test('the official client — signs in as the App, narrows a token, reports, and reads it back', async () => {
  const { github, app, installation, repository, first, privateKey } = world;
  const baseUrl = github.apiUrl;
  const appClient = new Octokit({
    baseUrl,
    authStrategy: createAppAuth,
    auth: { appId: app.id, privateKey, installationId: installation.id },
  });
  const wanted = { type: 'installation', repositoryIds: [repository.id], permissions: { checks: 'write' } };
  const { token } = tokenShape.parse(await appClient.auth(wanted));
  const octokit = new Octokit({ baseUrl, auth: token });
  const at = { owner: 'acme', repo: 'auto-mpg' };
  const made = await octokit.request('POST /repos/{owner}/{repo}/check-runs', {
    ...at,
    name: 'gate',
    head_sha: first,
    status: 'in_progress',
  });
  const list = await octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    ...at,
    ref: first,
  });
  expect(list.data).toMatchObject({ total_count: 1, check_runs: [{ id: made.data.id, name: 'gate' }] });
  await expect(octokit.request('GET /repos/{owner}/{repo}/pulls', at)).rejects.toMatchObject({ status: 403 });
  const { data } = await appClient.request('GET /app');
  expect(data).toMatchObject({ slug: 'gate' });
});
