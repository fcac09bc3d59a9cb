import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Delivery } from '../../../src/ports/host.ts';

export const hookSecret = 'a hook secret';

/** `X-Hub-Signature-256` as GitHub makes it. */
export function sign(secret: string, body: Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function toBytes(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A signed delivery of an event. */
export function signed(event: string, body: unknown, headers: Delivery['headers'] = {}): Delivery {
  const bytes = toBytes(body);
  const signature = { 'x-github-event': event, 'x-hub-signature-256': sign(hookSecret, bytes) };
  return { headers: { ...signature, ...headers }, body: bytes };
}

export const head = 'a'.repeat(40);
export const otherHead = 'b'.repeat(40);
export const noCommit = '0'.repeat(40);

const repository = { id: 7, full_name: 'acme/auto-mpg' };
const sender = { login: 'ada', type: 'User' };

export const pullRequestHook = {
  action: 'opened',
  repository,
  sender,
  pull_request: { number: 3, head: { sha: head } },
};
export const queueBranch = `gh-readonly-queue/main/pr-3-${otherHead}`;
export const mergeGroupHook = {
  action: 'checks_requested',
  repository,
  sender,
  merge_group: { head_sha: head, head_ref: `refs/heads/${queueBranch}` },
};
export const pushHook = {
  repository,
  sender,
  ref: 'refs/heads/feature/x',
  before: otherHead,
  after: head,
};
export const commentHook = {
  action: 'created',
  repository,
  sender,
  issue: { number: 3, pull_request: { url: 'https://api.github.com/repos/acme/auto-mpg/pulls/3' } },
  comment: { id: 99, body: '/modelgate retest', user: { login: 'ada', type: 'User' } },
};
export const checkRunHook = {
  action: 'rerequested',
  repository,
  sender,
  check_run: { name: 'modelgate', head_sha: head, check_suite: { head_branch: 'feature/x' } },
};
export const checkSuiteHook = {
  action: 'rerequested',
  repository,
  sender,
  check_suite: { head_sha: head, head_branch: null },
};

/** One body that GitHub or one of its Enterprise Servers sent. */
export interface Example {
  /** `api.github.com`, `ghes-35` */
  readonly source: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly body: unknown;
}

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('@octokit/webhooks-examples/package.json'));
const sources = ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'] as const;

/** Every example of @octokit/webhooks-examples. */
export function readExamples(): readonly Example[] {
  return sources.flatMap((source) => {
    const file = join(folder, source, 'index.json');
    const index: readonly {
      readonly name: string;
      readonly examples: readonly { readonly action?: string }[];
    }[] = JSON.parse(readFileSync(file, 'utf8'));
    return index.flatMap(({ name, examples }) =>
      examples.map((body) => ({ source, event: name, action: body.action, body })),
    );
  });
}
