import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitlabHost } from '../../../src/adapters/gitlab/index.ts';
import type { Change } from '../../../src/domain/change.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { Host } from '../../../src/ports/host.ts';
import type { GitlabKnobs } from '../../../src/sandbox/gitlab/config.ts';
import { createGitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import type { GitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import type { CommitStatus, MergeRequest, Project } from '../../../src/sandbox/gitlab/state.ts';
import type { HostFault, HostWorld, Role, ShownStatus } from '../../contracts/host.ts';
import { loadGitlabContract } from '../../support/gitlab-contract.ts';
import { createKeptLog } from '../../support/log.ts';

const contract = loadGitlabContract();
const botToken = 'glpat-our-own-token';

export interface GitlabWorldOptions {
  readonly knobs?: Partial<GitlabKnobs>;
  /** Whether pushes start CI pipelines. */
  readonly ci?: boolean;
  /** How many pauses until the pipelines of the sandbox are let in; by default none is awaited. */
  readonly onPause?: (pause: number, sandbox: GitlabSandbox) => Promise<void>;
}

/** The stand-in for GitLab, with a project, a bot of ours, and the host under test. */
export interface GitlabWorld extends HostWorld {
  readonly sandbox: GitlabSandbox;
  readonly project: Project;
  readonly bot: { readonly id: number; readonly username: string };
  mergeRequest(number: number): MergeRequest;
  /** The same service at another time or place: nothing remembered. */
  anotherHost(options?: { readonly token?: string }): Host;
  /** Every pause that the adapter made, in milliseconds. */
  readonly pauses: readonly number[];
}

const states: Readonly<Record<string, ShownStatus['state']>> = {
  running: 'running',
  success: 'success',
  failed: 'failure',
  canceled: 'cancelled',
};

export async function createGitlabWorld(options: GitlabWorldOptions = {}): Promise<GitlabWorld> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-gitlab-'));
  const sandbox = await createGitlabSandbox({ root, relativePath: '/gitlab', knobs: options.knobs ?? {} });
  const violations: string[] = [];
  sandbox.observe((request) => {
    if (contract.kind === 'contract') violations.push(...contract.violations(request));
  });
  const { token: ownerToken } = sandbox.addUser({ username: 'owner' });
  const bot = sandbox.addUser({ username: 'modelgate-bot', bot: true, token: botToken });
  const project = await sandbox.createProject({
    path: 'ml/auto-mpg',
    owner: 'owner',
    members: { 'modelgate-bot': 30 },
    ciEnabled: options.ci ?? false,
    // Pipelines of a protected branch are for those who may push to it.
    protectedBranches: { main: 30 },
  });
  await sandbox.createProject({ path: 'web/shop', owner: 'owner', members: { 'modelgate-bot': 30 } });
  await sandbox.createProject({ path: 'ml/hidden', owner: 'owner' });
  await sandbox.commit(project, 'main', { 'README.md': 'auto-mpg\n' }, 'first');

  const dispatchers = createDispatchers();
  const pauses: number[] = [];
  const anotherHost: GitlabWorld['anotherHost'] = ({ token = botToken } = {}) =>
    createGitlabHost(
      {
        id: 'corp',
        url: sandbox.url,
        token: () => token,
        repositories: (path) => path.startsWith('ml/'),
        timeouts: { headersMs: 2000, bodyMs: 2000, totalMs: 2000 },
      },
      {
        clock: {
          now: () => new Date(),
          after: () => () => {},
          async sleep(ms, signal) {
            signal.throwIfAborted();
            pauses.push(ms);
            await options.onPause?.(pauses.length, sandbox);
          },
        },
        dispatchers,
        log: createKeptLog().log,
        random: () => 0.5,
      },
    );
  const host = anotherHost();
  let made = 0;

  return {
    host,
    sandbox,
    project,
    bot,
    pauses,
    anotherHost,
    mergeRequest,
    repository: { id: String(project.id), path: project.path },
    async openChange({ fork = false, draft = false, title = 'A change' } = {}) {
      made += 1;
      const source = `feature-${made}`;
      const sourceProject = fork ? await makeFork() : project;
      await sandbox.commit(sourceProject, source, { [`data-${made}.csv`]: `${made}\n` }, 'a change');
      const opened = await sandbox.openMergeRequest(project, {
        source,
        sourceProject,
        title: draft ? `Draft: ${title}` : title,
      });
      await sandbox.idle();
      return opened.iid;
    },
    closeChange: (number) => sandbox.closeMergeRequest(mergeRequest(number)),
    async mergeChange(number, style = 'merge') {
      const found = mergeRequest(number);
      if (style !== 'push') return sandbox.merge(found, { force: true, method: style });
      await sandbox.push(project, 'refs/heads/main', found.sha);
      return found.sha;
    },
    async commit(branch, message = 'more') {
      made += 1;
      const sha = await sandbox.commit(project, branch, { [`more-${made}.csv`]: `${made}\n` }, message);
      await sandbox.idle();
      return sha;
    },
    deleteBranch: (branch) => sandbox.push(project, `refs/heads/${branch}`, undefined),
    push,
    async shownStatuses(change) {
      return allStatuses(change)
        .filter((status) => !status.retried && status.name === 'modelgate')
        .map(show);
    },
    async shownProduction(sha) {
      return sandbox
        .statuses(project, sha)
        .filter((status) => !status.retried && status.name === 'modelgate/production')
        .map(show);
    },
    async shownDeployments(environment) {
      return sandbox
        .deployments(project, environment)
        .map(({ sha, status }) => ({ sha, state: states[status] ?? 'running' }))
        .map(({ sha, state }) => ({ sha, state: state === 'action-required' ? 'failure' : state }));
    },
    environmentUrl: async (environment) =>
      project.environments.find(({ name }) => name === environment)?.externalUrl,
    async deployElsewhere(environment, sha) {
      const answer = await fetch(`${sandbox.url}/api/v4/projects/${project.id}/deployments`, {
        method: 'POST',
        headers: { 'private-token': ownerToken, 'content-type': 'application/json' },
        body: JSON.stringify({ environment, sha, ref: 'main', tag: false, status: 'success' }),
      });
      if (!answer.ok) throw new Error(`not deployed: ${answer.status}`);
    },
    forbidDeployments: (environment) => sandbox.protectEnvironment(project, environment, 40),
    async shownComments(number) {
      return sandbox
        .notes(mergeRequest(number))
        .map((note) => ({ id: String(note.id), text: note.body, ours: note.author.id === bot.id }));
    },
    async comment(number, author, text) {
      const note = await sandbox.comment(author.name, mergeRequest(number), text);
      return String(note?.id);
    },
    async commentByHost(number) {
      const before = mergeRequest(number).notes.length;
      await push(number);
      return String(mergeRequest(number).notes[before]?.id);
    },
    async person(role) {
      made += 1;
      const { id, username } = sandbox.addUser({ username: `${role}-${made}` });
      const level = levels[role];
      if (level !== undefined) sandbox.addMember(project, username, level);
      if (role === 'blocked') sandbox.blockUser(username);
      return { id: String(id), name: username };
    },
    writes: () => sandbox.requests.filter((request) => request.method !== 'GET').length,
    commentLists: () =>
      sandbox.requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/notes')).length,
    fail: (fault) => void sandbox.fail({ ...faults[fault.how], when: matcherOf(fault), times: 1 }),
    later: () => {},
    revokeToken: () => sandbox.revokeToken(botToken),
    demote: () => sandbox.addMember(project, bot.username, 20),
    async dispose() {
      await dispatchers.close();
      await sandbox.close();
      await rm(root, { recursive: true, force: true });
      if (violations.length > 0) throw new Error(`against the contract of GitLab:\n${violations.join('\n')}`);
    },
  };

  function mergeRequest(number: number): MergeRequest {
    const found = project.mergeRequests.find((candidate) => candidate.iid === number);
    if (found === undefined) throw new Error(`no merge request ${number}`);
    return found;
  }

  async function push(number: number): Promise<void> {
    const { sourceProject, sourceBranch } = mergeRequest(number);
    made += 1;
    await sandbox.commit(sourceProject, sourceBranch, { 'more.csv': `${made}\n` }, 'more');
    await sandbox.idle();
  }

  async function makeFork(): Promise<Project> {
    const { username } = sandbox.addUser({ username: `contributor-${made}` });
    const fork = await sandbox.fork(project, { path: `${username}/auto-mpg`, owner: username });
    return fork;
  }

  function allStatuses(change: Change): readonly CommitStatus[] {
    const { sourceProject } = mergeRequest(change.number ?? 0);
    return [...new Set([project, sourceProject])].flatMap((one) => sandbox.statuses(one, change.head));
  }
}

function show(status: CommitStatus): ShownStatus {
  return {
    state: states[status.status] ?? 'running',
    description: status.description ?? '',
    url: status.targetUrl ?? '',
  };
}

const levels: Readonly<Record<Role, 20 | 30 | 40 | undefined>> = {
  blocked: 40,
  stranger: undefined,
  reader: 20,
  developer: 30,
  maintainer: 40,
};

const faults = {
  broken: { fault: { kind: 'status', status: 500 } },
  lost: { fault: { kind: 'applied-then-502' } },
  hang: { fault: { kind: 'hang' } },
  busy: { fault: { kind: 'rate-limited', retryAfter: 37 } },
} as const;

const paths = { status: /\/statuses\//, comment: /\/notes/, deployment: /\/deployments/ } as const;

function matcherOf({ on }: HostFault): (request: { method: string; path: string }) => boolean {
  if (on === 'read') return ({ method }) => method === 'GET';
  const path = paths[on];
  return (request) => request.method !== 'GET' && path.test(request.path);
}
