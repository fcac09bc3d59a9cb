import { afterEach, describe, expect, test } from 'vitest';
import { createGitlabReceiver } from '../../../src/adapters/gitlab/receiver.ts';
import { createGitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import type { GitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const secretToken = 'a hook token';
const signingToken = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Nobody listens there: what GitLab tried to send is kept all the same. */
const url = 'http://127.0.0.1:9/';

let sandbox: GitlabSandbox;
let root: string;

afterEach(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

/** A day in the life of a project, as its webhook told it. */
async function tellStory(version: string) {
  root = await mkdtemp(join(tmpdir(), 'modelgate-hooks-'));
  sandbox = await createGitlabSandbox({
    root,
    version,
    relativePath: '/gitlab',
    knobs: { autoDisableHooks: false },
  });
  sandbox.addUser({ username: 'owner' });
  const project = await sandbox.createProject({ path: 'ml/auto-mpg', owner: 'owner', ciEnabled: true });
  sandbox.addHook(project, { url, secretToken, signingToken });
  await sandbox.commit(project, 'main', { 'README.md': '1\n' }, 'first');
  const head = await sandbox.commit(project, 'feature', { 'data.csv': '1\n' }, 'data');
  const change = await sandbox.openMergeRequest(project, { source: 'feature' });
  await sandbox.comment('owner', change, '/modelgate recheck');
  await sandbox.comment('owner', change, 'thank you');
  await sandbox.idle();
  return { head, deliveries: sandbox.deliveries };
}

function receiverWith(secrets: readonly string[], at: string) {
  return createGitlabReceiver({
    id: 'corp',
    url: at,
    secrets: () => secrets,
    repositories: (path) => path.startsWith('ml/'),
  });
}

describe.each(['19.5.0-ee', '18.2.0-ee', '17.0.0-ee'])('the webhooks of GitLab %s', (version) => {
  test('a day in the life of a project — every delivery is authentic and understood', async () => {
    const { head, deliveries } = await tellStory(version);
    const receiver = receiverWith([secretToken, signingToken], sandbox.url);

    const received = deliveries.map(({ requestHeaders, requestBody, createdAt }) => {
      const headers = Object.fromEntries(
        Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value]),
      );
      return receiver.receive({ headers, body: Buffer.from(requestBody) }, createdAt);
    });

    const events = received.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
    expect(received.filter((one) => one.kind === 'rejected' || one.kind === 'malformed')).toEqual([]);
    expect(new Set(events.map((event) => event.kind))).toEqual(
      new Set(['branch-moved', 'change-touched', 'command-given', 'pipeline-seen']),
    );
    expect(events).toContainEqual(expect.objectContaining({ kind: 'change-touched', number: 1, head }));
    expect(received.filter((one) => one.kind === 'ignored')).toHaveLength(1);
    expect(new Set(received.map((one) => (one.kind === 'rejected' ? '' : one.id))).size).toBe(
      received.length,
    );
  });

  test('other secrets, or another host — every delivery is rejected', async () => {
    const { deliveries } = await tellStory(version);
    const receivers = [
      receiverWith(['another token', `whsec_${Buffer.alloc(32, 8).toString('base64')}`], sandbox.url),
      receiverWith([secretToken, signingToken], 'https://gitlab.example.com'),
    ];

    for (const { requestHeaders, requestBody, createdAt } of deliveries) {
      const headers = Object.fromEntries(
        Object.entries(requestHeaders).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const delivery = { headers, body: Buffer.from(requestBody) };
      const kinds = receivers.map((receiver) => receiver.receive(delivery, createdAt).kind);
      expect(kinds).toEqual(['rejected', 'rejected']);
    }
  });
});
