import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGithubHost, type GithubHost } from '../../../src/adapters/github/index.ts';
import type { GithubCredentials } from '../../../src/adapters/github/tokens.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createGithubSandbox } from '../../../src/sandbox/github/sandbox.ts';
import type { GithubSandbox } from '../../../src/sandbox/github/sandbox.ts';
import type { App, Installation, Repository } from '../../../src/sandbox/github/state.ts';
import type { Pull } from '../../../src/sandbox/github/state-pulls.ts';
import type { HostFault, HostWorld, Role, ShownDeployment, ShownStatus } from '../../contracts/host.ts';
import { stateOfCheck, stateOfStatus } from '../../support/hosts/github-words.ts';
import { loadGithubContract } from '../../support/github-contract.ts';
import { createKeptLog, type LoggedLine } from '../../support/log.ts';

const contract = loadGithubContract();

/** One pair for all tests: making one takes a tenth of a second. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const githubKeys = {
  public: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  private: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** What docs/github.md asks for. */
export const appPermissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  checks: 'write',
  deployments: 'write',
  merge_queues: 'read',
  issues: 'read',
} as const;

/** The events that docs/github.md asks for. */
export const appEvents = ['pull_request', 'push', 'merge_group', 'issue_comment'] as const;

export interface GithubWorldOptions {
  readonly as?: 'app' | 'token';
  /** The version of an Enterprise Server. */
  readonly enterprise?: string;
  /** Where the App's webhook is. */
  readonly hook?: { readonly url: string; readonly secret: string };
}

/** The stand-in for GitHub, with a repository, our App or user, and the host under test. */
export interface GithubWorld extends HostWorld {
  readonly host: GithubHost;
  readonly sandbox: GithubSandbox;
  readonly acme: Repository;
  readonly app: App;
  readonly installation: Installation;
  readonly lines: readonly LoggedLine[];
  pull(number: number): Pull;
  /** The same service at another time or place: nothing remembered. */
  anotherHost(): GithubHost;
}

const botToken = 'ghp_our-own-token';

export async function createGithubWorld(options: GithubWorldOptions = {}): Promise<GithubWorld> {
  const { as = 'app', enterprise, hook } = options;
  const root = await mkdtemp(join(tmpdir(), 'modelgate-github-'));
  const sandbox = await createGithubSandbox({ root, ...(enterprise !== undefined && { enterprise }) });
  const violations: string[] = [];
  sandbox.observe((request) => {
    if (contract.kind === 'contract') violations.push(...contract.violations(request));
  });
  const { token: ownerToken } = sandbox.addUser({ login: 'owner' });
  sandbox.addOrganization('acme');
  sandbox.addUser({ login: 'modelgate-user', token: botToken });
  const collaborators = { 'modelgate-user': 'write' } as const;
  const acme = await sandbox.createRepository({ name: 'acme/auto-mpg', creator: 'owner', collaborators });
  await sandbox.createRepository({ name: 'acme/other', creator: 'owner' });
  await sandbox.commit(acme, 'main', { 'README.md': 'auto-mpg\n' }, 'first');
  const app = sandbox.addApp({
    slug: 'modelgate',
    owner: 'acme',
    publicKey: githubKeys.public,
    permissions: appPermissions,
    events: appEvents,
    ...(hook !== undefined && { hook }),
  });
  const installation = sandbox.install(app, 'acme');
  const other = sandbox.addApp({
    slug: 'dependencies',
    owner: 'acme',
    publicKey: githubKeys.public,
    permissions: {},
    events: [],
  });

  const dispatchers = createDispatchers();
  const { log, lines } = createKeptLog();
  let ahead = 0;
  let [privateKey, token] = [githubKeys.private, botToken];
  const credentials: GithubCredentials =
    as === 'app'
      ? { kind: 'app', id: app.id, privateKey: () => privateKey }
      : { kind: 'token', token: () => token };
  const anotherHost = (): GithubHost =>
    createGithubHost(
      {
        id: 'hub',
        url: sandbox.url,
        credentials,
        patterns: ['acme/auto-mpg'],
        repositories: (path) => path === 'acme/auto-mpg' || path === 'acme/renamed',
        timeouts: { headersMs: 2000, bodyMs: 2000, totalMs: 2000 },
      },
      {
        clock: { now: () => new Date(Date.now() + ahead), after: () => () => {}, sleep: async () => {} },
        dispatchers,
        log,
      },
    );
  const host = anotherHost();
  const us = as === 'app' ? app.bot.login : 'modelgate-user';
  let made = 0;

  return {
    host,
    sandbox,
    acme,
    app,
    installation,
    lines,
    pull,
    anotherHost,
    repository: { id: String(acme.id), path: 'acme/auto-mpg' },
    async openChange({ fork = false, draft = false, title = 'A change' } = {}) {
      made += 1;
      const head = `feature-${made}`;
      const from = fork ? await makeFork() : acme;
      await sandbox.commit(from, head, { [`data-${made}.csv`]: `${made}\n` }, 'a change');
      const opened = await sandbox.openPull(acme, { from, head, title, draft, as: 'owner' });
      await sandbox.idle();
      return opened.number;
    },
    closeChange: (number) => sandbox.closePull(pull(number)),
    async mergeChange(number, style = 'merge') {
      const found = pull(number);
      if (style !== 'push') return sandbox.merge(found, { force: true, method: methods[style] });
      await sandbox.push(acme, 'refs/heads/main', found.headSha);
      return found.headSha;
    },
    async commit(branch, message = 'more') {
      made += 1;
      const sha = await sandbox.commit(acme, branch, { [`more-${made}.csv`]: `${made}\n` }, message);
      await sandbox.idle();
      return sha;
    },
    deleteBranch: (branch) => sandbox.push(acme, `refs/heads/${branch}`, undefined),
    async push(number) {
      const { headRepository, headRef } = pull(number);
      made += 1;
      await sandbox.commit(headRepository ?? acme, headRef, { 'more.csv': `${made}\n` }, 'more');
      await sandbox.idle();
    },
    async shownStatuses({ head }) {
      return as === 'app' ? shownChecks(head, 'modelgate') : shownCommitStatuses(head, 'modelgate');
    },
    async shownProduction(sha) {
      const name = 'modelgate/production';
      return as === 'app' ? shownChecks(sha, name) : shownCommitStatuses(sha, name);
    },
    async shownDeployments(environment) {
      return sandbox
        .deployments(acme, environment)
        .map(({ sha, statuses }) => ({ sha, state: deploymentStates[statuses.at(-1)?.state ?? ''] }))
        .map(({ sha, state = 'running' }) => ({ sha, state }));
    },
    environmentUrl: async (environment) =>
      sandbox.deployments(acme, environment).at(-1)?.statuses.at(-1)?.environmentUrl,
    async deployElsewhere(environment, sha) {
      const send = async (path: string, body: object): Promise<number> => {
        const answer = await fetch(`${sandbox.apiUrl}/repos/acme/auto-mpg/deployments${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${ownerToken}` },
          body: JSON.stringify(body),
        });
        const { id }: { id: number } = JSON.parse(await answer.text());
        return id;
      };
      // Even with a payload like ours.
      const payload = { modelgate: 'release-1' };
      const id = await send('', { ref: sha, environment, auto_merge: false, required_contexts: [], payload });
      await send(`/${id}/statuses`, { state: 'success' });
    },
    forbidDeployments() {
      const { deployments: _taken, ...others } = appPermissions;
      sandbox.acceptPermissions(installation, others);
      token = sandbox.addToken('modelgate-user', { permissions: { contents: 'read', statuses: 'write' } });
    },
    async shownComments(number) {
      return sandbox
        .comments(pull(number))
        .map(({ id, body, user }) => ({ id: String(id), text: body, ours: user.login === us }));
    },
    async comment(number, author, text) {
      return String((await sandbox.comment(author.name, pull(number), text)).id);
    },
    async commentByHost(number) {
      return String((await sandbox.comment(other.bot.login, pull(number), 'Bumped.')).id);
    },
    async person(role) {
      made += 1;
      const { login } = sandbox.addUser({ login: `${role}-${made}` });
      const permission = roles[role];
      if (permission !== undefined) sandbox.setCollaborator(acme, login, permission);
      return { id: login, name: login };
    },
    writes: () =>
      sandbox.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/access_tokens'))
        .length,
    commentLists: () =>
      sandbox.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/comments')).length,
    fail: (fault) => void sandbox.fail({ fault: faults[fault.how], when: matcherOf(fault), times: 1 }),
    later: (ms) => void (ahead += ms),
    revokeToken() {
      sandbox.revokeToken(botToken);
      privateKey = stranger;
    },
    demote() {
      sandbox.acceptPermissions(installation, { ...appPermissions, checks: 'read' });
      token = sandbox.addToken('modelgate-user', {
        permissions: { contents: 'read', pull_requests: 'write' },
      });
    },
    async dispose() {
      await dispatchers.close();
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`against the contract of GitHub:\n${violations.join('\n')}`);
    },
  };

  function pull(number: number): Pull {
    const found = acme.pulls.find((candidate) => candidate.number === number);
    if (found === undefined) throw new Error(`no pull request ${number}`);
    return found;
  }

  async function makeFork(): Promise<Repository> {
    const { login } = sandbox.addUser({ login: `contributor-${made}` });
    return sandbox.fork(acme, { owner: login });
  }

  /** GitHub shows the newest of each name. */
  function shownChecks(head: string, wanted: string): readonly ShownStatus[] {
    const newest = sandbox.checkRuns(acme, head).findLast(({ name }) => name === wanted);
    return newest === undefined ? [] : [stateOfCheck(newest)];
  }

  function shownCommitStatuses(head: string, wanted: string): readonly ShownStatus[] {
    const newest = sandbox.statuses(acme, head).findLast(({ context }) => context === wanted);
    return newest === undefined ? [] : [stateOfStatus(newest)];
  }
}

const roles: Readonly<Record<Role, 'none' | 'read' | 'write' | 'maintain' | undefined>> = {
  blocked: 'none',
  stranger: undefined,
  reader: 'read',
  developer: 'write',
  maintainer: 'maintain',
};

const methods = {
  merge: 'merge',
  squash: 'squash',
  'fast-forward': 'rebase',
  'squash-fast-forward': 'squash',
} as const;

const deploymentStates: Readonly<Record<string, ShownDeployment['state']>> = {
  in_progress: 'running',
  success: 'success',
  failure: 'failure',
  inactive: 'cancelled',
};

const faults = {
  broken: { kind: 'status', status: 500 },
  lost: { kind: 'applied-then-502' },
  hang: { kind: 'hang' },
  busy: { kind: 'secondary-limit', status: 429, retryAfter: 37 },
} as const;

const paths = {
  status: /\/(?:check-runs|statuses\/)/,
  comment: /\/comments/,
  deployment: /\/deployments/,
} as const;

function matcherOf({ on }: HostFault): (request: { method: string; path: string }) => boolean {
  if (on === 'read') return ({ method }) => method === 'GET';
  const path = paths[on];
  return (request) => request.method === 'POST' && path.test(request.path);
}
