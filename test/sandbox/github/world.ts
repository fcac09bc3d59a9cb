import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { GithubConfig } from '../../../src/sandbox/github/config.ts';
import { createGithubSandbox, type GithubSandbox } from '../../../src/sandbox/github/sandbox.ts';
import type { Account } from '../../../src/sandbox/github/setup.ts';
import type { App, Installation, Permissions, Repository } from '../../../src/sandbox/github/state.ts';
import { loadGithubContract } from '../../support/github-contract.ts';
import { startReceiver, type WebhookReceiver } from '../receiver.ts';

/** An answer of the API, read. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, loosely typed for tests; text where it is none. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
}

/** A GitHub with `acme/auto-mpg`, its first commit, an App installed there, people, and a webhook receiver. */
export interface TestWorld {
  readonly github: GithubSandbox;
  readonly repository: Repository;
  readonly first: string;
  readonly app: App;
  readonly installation: Installation;
  readonly receiver: WebhookReceiver;
  readonly people: Readonly<Record<'admin' | 'dev' | 'reader' | 'stranger', Account>>;
  /** Calls the API, by default with a token of the installation. */
  api(method: string, path: string, body?: unknown, token?: string): Promise<Got>;
  /** A JSON web token of the App; claims may be overridden. */
  jwt(claims?: Readonly<Record<string, unknown>>, key?: string): string;
  /** The private half of the App's key, in PEM. */
  readonly privateKey: string;
  /** Answers that break the published description, of everything that was asked so far. */
  violations(): readonly string[];
  close(): Promise<void>;
}

const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

export const appPermissions: Permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  issues: 'write',
  checks: 'write',
  statuses: 'write',
  deployments: 'write',
  merge_queues: 'read',
};

export const appEvents = [
  'pull_request',
  'push',
  'merge_group',
  'check_run',
  'check_suite',
  'issue_comment',
  'deployment',
  'deployment_status',
];

/** Starts it. */
export async function startTestWorld(config: Partial<GithubConfig> = {}): Promise<TestWorld> {
  const root = await mkdtemp(join(tmpdir(), 'github-sandbox-'));
  const github = await createGithubSandbox({ root, ...config });
  const receiver = await startReceiver();
  github.addOrganization('acme');
  const people = {
    admin: github.addUser({ login: 'admin' }),
    dev: github.addUser({ login: 'dev' }),
    reader: github.addUser({ login: 'reader' }),
    stranger: github.addUser({ login: 'stranger' }),
  };
  const collaborators = { dev: 'write', reader: 'read' } as const;
  const repository = await github.createRepository({
    name: 'acme/auto-mpg',
    creator: 'admin',
    collaborators,
  });
  const app = github.addApp({
    slug: 'gate',
    owner: 'acme',
    publicKey: keys.publicKey,
    permissions: appPermissions,
    events: appEvents,
    hook: { url: receiver.url, secret: 'hush' },
  });
  const installation = github.install(app, 'acme');
  const first = await github.commit(repository, 'main', { 'README.md': '# Auto MPG\n' }, 'First');
  await github.idle();
  const own = github.installationToken(installation);
  const contract = loadGithubContract();
  const found: string[] = [];
  github.observe((request) => {
    // The description is the one of the older version.
    const older = request.headers['x-github-api-version'] !== '2026-03-10';
    if (contract.kind === 'contract' && older) found.push(...contract.answerViolations(request));
  });
  return {
    github,
    repository,
    first,
    app,
    installation,
    receiver,
    people,
    api,
    jwt,
    violations,
    close,
    privateKey: keys.privateKey,
  };

  function violations(): readonly string[] {
    return found;
  }

  async function api(method: string, path: string, body?: unknown, token = own): Promise<Got> {
    const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
    const payload = body === undefined ? null : JSON.stringify(body);
    const response = await fetch(github.apiUrl + path, {
      method,
      headers: authorization,
      body: payload,
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  function jwt(claims: Readonly<Record<string, unknown>> = {}, key = keys.privateKey): string {
    const now = Math.floor((config.clock?.now() ?? new Date()).getTime() / 1000);
    const head = encode({ alg: 'RS256', typ: 'JWT' });
    const body = encode({ iss: app.id, iat: now - 30, exp: now + 540, ...claims });
    return `${head}.${body}.${sign('RSA-SHA256', Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
  }

  async function close(): Promise<void> {
    await github.close();
    await receiver.close();
    await rm(root, { recursive: true, force: true });
    expect(found).toEqual([]);
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
