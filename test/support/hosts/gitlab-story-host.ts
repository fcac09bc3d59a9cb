import { createHmac } from 'node:crypto';
import type { GitlabKnobs } from '../../../src/sandbox/gitlab/config.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../../src/sandbox/gitlab/sandbox.ts';
import type { ApiFault } from '../../../src/sandbox/gitlab/api/faults.ts';
import type { CommitStatus, MergeRequest, Note, Project } from '../../../src/sandbox/gitlab/state.ts';
import { loadGitlabContract } from '../gitlab-contract.ts';
import { gitFaultOf, observing } from './faults.ts';
import type {
  RequestKind,
  StoryChange,
  StoryComment,
  StoryFault,
  StoryHost,
  StoryRepository,
  StoryStatus,
} from './story-host.ts';

const contract = loadGitlabContract();

/** Secrets of a story on GitLab. */
export const gitlabSecrets = {
  GITLAB_TOKEN: 'glpat-story-Tok3n/with+odd=chars',
  HOOK_SECRET: 'hook-secret-of-the-story',
  SIGNING_TOKEN: `whsec_${Buffer.from('a signing key of 32 bytes length').toString('base64')}`,
} as const;

/** How this GitLab is set up. */
export interface GitlabStoryOptions {
  readonly knobs?: Partial<GitlabKnobs>;
  readonly ciEnabled?: boolean;
  /** What the service's user may do: 30, Developer, unless named. */
  readonly botAccess?: 30 | 40;
  /** Who may push to `main`: Developers as the docs ask for, or Maintainers alone, which our token is none of. */
  readonly mainFor?: 30 | 40;
  /** How webhooks are proven. */
  readonly hook?: 'secret' | 'signature';
}

/** GitLab, and what only its own stories look at. */
export interface GitlabStoryHost extends StoryHost {
  readonly sandbox: GitlabSandbox;
  project(repository: StoryRepository): Project;
  mergeRequest(change: StoryChange): MergeRequest;
}

const states = { success: 'success', failed: 'failure', canceled: 'cancelled' } as const;

/** The headers of a delivery that is proven by a signature. */
export function signedByGitlab(
  body: string,
  how: { readonly key?: string; readonly id?: string; readonly ageSeconds?: number } = {},
): Readonly<Record<string, string>> {
  const { key = gitlabSecrets.SIGNING_TOKEN, id = `id-${Math.random().toString(36).slice(2)}` } = how;
  const timestamp = String(Math.floor(Date.now() / 1000) - (how.ageSeconds ?? 0));
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

/** The stand-in for GitLab with its people. */
export async function createGitlabStoryHost(
  root: string,
  options: GitlabStoryOptions = {},
): Promise<GitlabStoryHost> {
  const sandbox = await createGitlabSandbox({ root, knobs: options.knobs ?? {} });
  const violations: string[] = [];
  sandbox.observe((request) => {
    if (contract.kind === 'contract') violations.push(...contract.violations(request));
    const done = sandbox.quickActions.filter(({ user }) => user === 'modelgate-bot');
    violations.push(...done.map(({ command }) => `a comment of ours did /${command}`));
  });
  for (const username of ['owner', 'ada', 'reporter', 'stranger', 'pipeline-bot'])
    sandbox.addUser({ username });
  sandbox.addUser({ username: 'modelgate-bot', bot: true, token: gitlabSecrets.GITLAB_TOKEN });
  const projects = new Map<string, Project>();
  let hook: Parameters<GitlabSandbox['addHook']>[1] | undefined;

  function project({ id }: StoryRepository): Project {
    const found = projects.get(id);
    if (found === undefined) throw new Error(`no project ${id}`);
    return found;
  }

  function known(added: Project): StoryRepository {
    projects.set(String(added.id), added);
    return { id: String(added.id), path: added.path };
  }

  function mergeRequest({ repository, number }: StoryChange): MergeRequest {
    const found = project(repository).mergeRequests.find(({ iid }) => iid === number);
    if (found === undefined) throw new Error(`no merge request ${number}`);
    return found;
  }

  function setHook(wanted: Parameters<GitlabSandbox['addHook']>[1]): void {
    hook = wanted;
    for (const one of projects.values()) {
      one.hooks.splice(0);
      sandbox.addHook(one, wanted);
    }
  }

  return {
    kind: 'gitlab',
    url: sandbox.url,
    sandbox,
    violations,
    env: gitlabSecrets,
    project,
    mergeRequest,
    secrets: () => Object.values(gitlabSecrets),
    configuration: (webhookSecrets = '["${HOOK_SECRET}", "${SIGNING_TOKEN}"]') => `
  - id: gitlab
    kind: gitlab
    url: ${sandbox.url}
    token: \${GITLAB_TOKEN}
    webhookSecrets: ${webhookSecrets}
    repositories: ["ml/*"]`,

    connect(service, secretToken = gitlabSecrets.HOOK_SECRET) {
      const proof =
        options.hook === 'signature' ? { signingToken: gitlabSecrets.SIGNING_TOKEN } : { secretToken };
      setHook({ url: `${service}/webhooks/gitlab`, ...proof });
    },
    disconnect: () => setHook({ url: 'http://127.0.0.1:9/webhooks/gitlab', secretToken: 'x' }),
    deliveries: () =>
      sandbox.deliveries.map(({ id, trigger, responseStatus }) => ({
        id,
        aboutChange: trigger === 'Merge Request Hook',
        status: typeof responseStatus === 'number' ? responseStatus : 0,
      })),
    async redeliver(id) {
      const { responseStatus } = await sandbox.resend(id);
      return typeof responseStatus === 'number' ? responseStatus : 0;
    },
    webhook(path, { id, pad } = {}) {
      const attributes = { iid: 1, action: 'open', last_commit: { id: 'a'.repeat(40) } };
      const about = { id: 4711, path_with_namespace: path };
      const kind = { object_kind: 'merge_request', project: about, object_attributes: attributes, pad };
      const body = JSON.stringify(kind);
      return { body, headers: signedByGitlab(body, id === undefined ? {} : { id }) };
    },
    ping: (secret) => ({
      body: JSON.stringify({ object_kind: 'ping' }),
      headers: { 'x-gitlab-token': secret },
    }),

    async addRepository(path) {
      const added = await sandbox.createProject({
        path,
        owner: 'owner',
        members: { ada: 30, reporter: 20, 'modelgate-bot': options.botAccess ?? 30, 'pipeline-bot': 30 },
        protectedBranches: { main: options.mainFor ?? 30 },
        ciEnabled: options.ciEnabled ?? false,
      });
      if (hook !== undefined) sandbox.addHook(added, hook);
      return known(added);
    },
    async fork(repository, owner) {
      const parent = project(repository);
      const path = `${owner}/${parent.path.split('/').at(-1)}-${projects.size}`;
      return known(await sandbox.fork(parent, { path, owner }));
    },
    commit: (repository, branch, files, more = {}) =>
      sandbox.commit(project(repository), branch, files, { message: `change ${branch}`, ...more }),
    tag: (repository, name, sha) => sandbox.push(project(repository), `refs/tags/${name}`, sha),
    push: (repository, branch, sha) => sandbox.push(project(repository), `refs/heads/${branch}`, sha),

    async open(repository, { branch, target, title, as, from }) {
      const fork = from === undefined ? {} : { sourceProject: project(from) };
      const who = as === undefined ? {} : { as };
      const wanted = { source: branch, target, title, ...fork, ...who };
      const opened = await sandbox.openMergeRequest(project(repository), wanted);
      const of = { repository, branch, number: opened.iid };
      return {
        ...of,
        get head() {
          return opened.sha;
        },
      };
    },
    edit: (change, edit) => sandbox.editMergeRequest(mergeRequest(change), edit),
    close: (change) => sandbox.closeMergeRequest(mergeRequest(change)),
    reopen: (change) => sandbox.reopenMergeRequest(mergeRequest(change)),
    merge: (change, style = 'merge') =>
      sandbox.merge(mergeRequest(change), {
        force: true,
        method: style === 'rebase' ? 'fast-forward' : style,
      }),
    async comment(person, change, text) {
      const note = await sandbox.comment(person, mergeRequest(change), text);
      if (note === undefined) throw new Error('a comment of quick actions alone');
      return toComment(note);
    },
    async editComment(person, change, { id }, text) {
      const note = mergeRequest(change).notes.find((one) => one.id === id);
      if (note !== undefined) await sandbox.editComment(person, mergeRequest(change), note, text);
    },
    comments: (change) => sandbox.notes(mergeRequest(change)).map(toComment),
    statuses: (change, head) => statusesOf(sandbox, mergeRequest(change), head).map(toStatus),
    production: (repository, sha) =>
      sandbox
        .statuses(project(repository), sha)
        .filter(({ name }) => name === 'modelgate/production')
        .map(toStatus),
    deployments: (repository, environment) =>
      sandbox
        .deployments(project(repository), environment)
        .map(({ sha, status }) => ({ sha, state: stateOf(status) })),

    fail(on, fault, times) {
      const limit = times === undefined ? {} : { times };
      if (on === 'git') return sandbox.failGit({ when: () => true, fault: gitFaultOf(fault), ...limit });
      return sandbox.fail({ when: (request) => kindOf(request) === on, fault: faultOf(fault), ...limit });
    },
    observe: (listener) => observing(sandbox, kindOf, listener),
    idle: () => sandbox.idle(),
    dispose: () => sandbox.close(),
  };
}

/** Our statuses of a commit of the merge request, hidden ones included, oldest first; of its head unless named. */
export function statusesOf(sandbox: GitlabSandbox, of: MergeRequest, sha = of.sha): readonly CommitStatus[] {
  return [...new Set([of.sourceProject, of.project])]
    .flatMap((project) => sandbox.statuses(project, sha))
    .filter((status) => status.name === 'modelgate')
    .toSorted((one, other) => one.id - other.id);
}

function toStatus({
  status,
  description = '',
  targetUrl: url = '',
  retried: hidden,
}: CommitStatus): StoryStatus {
  return { state: stateOf(status), description, url, hidden };
}

function stateOf(status: string): StoryStatus['state'] {
  return status === 'success' || status === 'failed' || status === 'canceled' ? states[status] : 'running';
}

function toComment({ id, body, author }: Note): StoryComment {
  return { id, text: body, ours: author.bot };
}

function kindOf({ method, path }: { readonly method: string; readonly path: string }): RequestKind {
  if (method === 'GET' && /\/merge_requests\/\d+$/.test(path)) return 'read';
  if (method === 'POST' && path.includes('/statuses/')) return 'status';
  if (method !== 'GET' && path.includes('/deployments')) return 'deployment';
  if (method !== 'GET' && path.includes('/notes')) return 'comment';
  return path.includes('/members/') ? 'permission' : 'other';
}

function faultOf(fault: StoryFault): ApiFault {
  if (fault.kind === 'broken') return { kind: 'status', status: fault.status };
  if (fault.kind === 'busy') return { kind: 'rate-limited', retryAfter: fault.retryAfter };
  return { kind: fault.kind === 'lost' ? 'applied-then-502' : fault.kind };
}
