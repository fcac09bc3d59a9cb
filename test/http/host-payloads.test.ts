import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGithubReceiver } from '../../src/adapters/github/index.ts';
import { createGitlabReceiver } from '../../src/adapters/gitlab/index.ts';
import { jobKey, jobsOf } from '../../src/domain/job.ts';
import { hookSecret, readExamples, signed } from '../adapters/github/deliveries.ts';
import { hookToken, withToken } from '../adapters/gitlab/deliveries.ts';
import type { Delivery } from '../../src/ports/host.ts';
import { eventually, startRedis, type TestRedis } from '../support/redis.ts';
import { startApp } from './start-app.ts';

const folder = fileURLToPath(new URL('../../../shared/corpora/gitlab-payloads/', import.meta.url));

const receivers = new Map([
  [
    'github',
    createGithubReceiver({
      id: 'hub',
      url: 'https://github.com',
      secrets: () => [hookSecret],
      repositories: () => true,
    }),
  ],
  [
    'gitlab',
    createGitlabReceiver({
      id: 'corp',
      url: 'https://gitlab.example.com',
      secrets: () => [hookToken],
      repositories: () => true,
    }),
  ],
]);

let redis: TestRedis;
let web: ReturnType<typeof startApp>;

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url, { loopback: true }, receivers);
  await eventually('connected', () => web.redis.status === 'ready');
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

async function post(host: string, { headers, body }: Delivery): Promise<number> {
  const all = { ...headers, 'content-type': 'application/json' };
  const answer = await web.app.inject({
    method: 'POST',
    url: `/webhooks/${host}`,
    headers: all,
    payload: body,
  });
  return answer.statusCode;
}

/** What the receiver takes it for, as the intake answers it. */
function expectedCode(host: string, delivery: Delivery): number {
  const received = receivers.get(host)?.receive(delivery, new Date());
  return { event: 202, ignored: 200, malformed: 202, rejected: 401 }[received?.kind ?? 'rejected'];
}

describe('the intake of real bodies', () => {
  test('every example of @octokit/webhooks-examples — sent signed — is accepted or ignored', async () => {
    const jobs = new Set<string>();
    const codes = new Set<number>();
    for (const [index, { event, body }] of readExamples().entries()) {
      const delivery = signed(event, body, { 'x-github-delivery': `example-${index}` });
      const code = await post('github', delivery);
      const received = receivers.get('github')?.receive(delivery, new Date());
      if (received?.kind === 'event') for (const job of jobsOf(received.event)) jobs.add(jobKey(job));
      codes.add(code);
      expect(received?.kind).not.toBe('malformed');
      expect([event, code]).toEqual([event, expectedCode('github', delivery)]);
    }

    expect([...codes].toSorted((a, b) => a - b)).toEqual([200, 202]);
    const waiting = (await web.queue.depths()).reduce((sum, depth) => sum + depth.waiting, 0);
    expect(waiting).toBe(jobs.size);
    expect(jobs).toContain('gate-change/hub/186853002/2');
  });

  test('every example, signed with another secret — sent — is refused', async () => {
    for (const { event, body } of readExamples().slice(0, 30)) {
      const delivery = signed(event, body, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` });
      expect(await post('github', delivery)).toBe(401);
    }
  });

  test('an example sent twice — the second time — is a duplicate', async () => {
    const [example] = readExamples().filter(({ event }) => event === 'pull_request');
    const delivery = signed('pull_request', example?.body, { 'x-github-delivery': 'once' });

    expect([await post('github', delivery), await post('github', delivery)]).toEqual([202, 200]);
  });
});

describe.skipIf(!existsSync(folder))('recorded GitLab deliveries (../shared/corpora/gitlab-payloads)', () => {
  test('every one — sent with its token — is accepted or ignored', async () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) {
      const delivery = withToken(readFileSync(`${folder}${file}`), {
        'x-gitlab-event': 'Hook',
        'idempotency-key': file,
      });
      const code = await post('gitlab', delivery);
      expect([file, code]).toEqual([file, expectedCode('gitlab', delivery)]);
      expect([200, 202]).toContain(code);
    }
  });
});
