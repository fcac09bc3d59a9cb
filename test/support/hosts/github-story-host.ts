import { generateKeyPairSync } from 'node:crypto';
import type { GithubKnobs } from '../../../src/sandbox/github/config.ts';
import { createGithubSandbox, type GithubSandbox } from '../../../src/sandbox/github/sandbox.ts';
import type { App, Installation, Repository } from '../../../src/sandbox/github/state.ts';
import type { CheckRun, CommitStatus } from '../../../src/sandbox/github/state-checks.ts';
import type { Comment, Pull } from '../../../src/sandbox/github/state-pulls.ts';
import { loadGithubContract } from '../github-contract.ts';
import { gitFaultOf, observing } from './faults.ts';
import {
  faultOf,
  kindOf,
  onlyLastShown,
  stateOfCheck,
  stateOfDeployment,
  stateOfStatus,
} from './github-words.ts';
import { hookSecret, signedByGithub } from './signed-by-github.ts';
import type { StoryChange, StoryHost, StoryRepository } from './story-host.ts';

const contract = loadGithubContract();

/** One pair for all stories: making one takes a tenth of a second. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Secrets of a story on GitHub. */
export const githubSecrets = {
  GITHUB_KEY: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  GITHUB_TOKEN: 'ghp_story-Tok3n-of-our-user',
  HOOK_SECRET: hookSecret,
} as const;

/** What docs/github.md asks for. */
const permissions = {
  metadata: 'read',
  contents: 'read',
  pull_requests: 'write',
  checks: 'write',
  deployments: 'write',
  merge_queues: 'read',
} as const;
const events = ['pull_request', 'push', 'merge_group', 'issue_comment', 'check_run', 'check_suite'];

/** How this GitHub is set up. */
export interface GithubStoryOptions {
  /** What we are there; an App unless named. */
  readonly as?: 'app' | 'token';
  /** The version of an Enterprise Server. */
  readonly enterprise?: string;
  readonly knobs?: Partial<GithubKnobs>;
}

/** GitHub, and what only its own stories look at. */
export interface GithubStoryHost extends StoryHost {
  readonly sandbox: GithubSandbox;
  readonly app: App;
  readonly installation: Installation;
  repository(of: StoryRepository): Repository;
  pull(change: StoryChange): Pull;
  /** Every token and JWT that we showed to the API. */
  shownTokens(): readonly string[];
  /** Our checks of a head of the change, of its newest unless named; oldest first. */
  checks(change: Pick<StoryChange, 'repository' | 'head'>, head?: string): readonly CheckRun[];
}

/** The stand-in for GitHub with its people, an organisation `ml`, and our App there or a user of ours. */
export async function createGithubStoryHost(
  root: string,
  options: GithubStoryOptions = {},
): Promise<GithubStoryHost> {
  const { enterprise, knobs = {}, as: kind = 'app' } = options;
  const sandbox = await createGithubSandbox({ root, knobs, ...(enterprise !== undefined && { enterprise }) });
  const violations: string[] = [];
  const shown = new Set<string>();
  const made = new Set<string>();
  sandbox.observe((request) => {
    if (contract.kind === 'contract') violations.push(...contract.violations(request));
    const { authorization = '' } = request.headers;
    const [, secret] = authorization.split(' ', 2);
    if (secret !== undefined) shown.add(secret);
    // Git's tokens are made here and shown to git alone.
    const { token }: { readonly token?: unknown } = Object(request.answer);
    if (typeof token === 'string') made.add(token);
  });
  for (const login of ['owner', 'ada', 'reporter', 'stranger', 'pipeline-bot']) sandbox.addUser({ login });
  sandbox.addOrganization('ml');
  sandbox.addUser({ login: 'modelgate-user', token: githubSecrets.GITHUB_TOKEN });
  const repositories = new Map<string, Repository>();
  // Its address is entered when the service listens.
  const hook = { url: 'http://127.0.0.1:9/', secret: githubSecrets.HOOK_SECRET };
  const wanted = { slug: 'modelgate', owner: 'ml', publicKey, permissions, events };
  const app = sandbox.addApp({ ...wanted, ...(kind === 'app' && { hook }) });
  const installation = sandbox.install(app, 'ml', kind === 'app' ? {} : { repositories: [] });
  const us = kind === 'app' ? app.bot.login : 'modelgate-user';

  function repository({ id }: StoryRepository): Repository {
    const found = repositories.get(id);
    if (found === undefined) throw new Error(`no repository ${id}`);
    return found;
  }

  function known(added: Repository): StoryRepository {
    repositories.set(String(added.id), added);
    return { id: String(added.id), path: `${added.owner.login}/${added.name}` };
  }

  function pull(change: StoryChange): Pull {
    const found = repository(change.repository).pulls.find(({ number }) => number === change.number);
    if (found === undefined) throw new Error(`no pull request ${change.number}`);
    return found;
  }

  function checks(
    of: Pick<StoryChange, 'repository' | 'head'>,
    head = of.head,
    context = 'modelgate',
  ): readonly CheckRun[] {
    return sandbox.checkRuns(repository(of.repository), head).filter(({ name }) => name === context);
  }

  function statuses(of: StoryRepository, sha: string, wanted: string): readonly CommitStatus[] {
    return sandbox.statuses(repository(of), sha).filter(({ context }) => context === wanted);
  }

  const toComment = ({ id, body, user }: Comment) => ({ id, text: body, ours: user.login === us });

  return {
    kind: 'github',
    url: sandbox.url,
    sandbox,
    app,
    installation,
    violations,
    env: githubSecrets,
    repository,
    pull,
    checks,
    shownTokens: () => [...shown],
    secrets: () => [
      ...shown,
      ...made,
      githubSecrets.GITHUB_TOKEN,
      githubSecrets.HOOK_SECRET,
      ...githubSecrets.GITHUB_KEY.split('\n').filter((line) => /^[^-]{8}/.test(line)),
    ],
    configuration: (webhookSecrets = '["${HOOK_SECRET}"]') => `
  - id: github
    kind: github
    url: ${sandbox.url}
    ${kind === 'app' ? `app: { id: ${app.id}, privateKey: "\${GITHUB_KEY}" }` : 'token: ${GITHUB_TOKEN}'}
    webhookSecrets: ${webhookSecrets}
    repositories: ${kind === 'app' ? '["ml/*"]' : '["ml/auto-mpg"]'}`,

    connect(service, secret = githubSecrets.HOOK_SECRET) {
      Object.assign(hook, { url: `${service}/webhooks/github`, secret });
      if (app.hook !== undefined) Object.assign(app.hook, hook);
      else for (const one of repositories.values()) if (one.hooks.length === 0) sandbox.addHook(one, hook);
      installation.events = events;
    },
    disconnect: () => void (installation.events = []),
    deliveries: () =>
      sandbox.deliveries.map(({ id, event, statusCode }) => ({
        id,
        aboutChange: event === 'pull_request',
        status: statusCode,
      })),
    redeliver: async (id) => (await sandbox.redeliver(id)).statusCode,
    webhook(path, { id, pad } = {}) {
      const about = { number: 1, head: { sha: 'a'.repeat(40) } };
      const body = JSON.stringify({
        action: 'opened',
        pull_request: about,
        repository: { id: 4711, full_name: path },
        pad,
      });
      return { body, headers: signedByGithub('pull_request', body, id === undefined ? {} : { id }) };
    },
    ping(secret) {
      const body = JSON.stringify({ zen: 'Keep it logically awesome.' });
      return { body, headers: signedByGithub('ping', body, { secret }) };
    },

    async addRepository(path) {
      const collaborators = {
        ada: 'write',
        reporter: 'read',
        'modelgate-user': 'write',
        'pipeline-bot': 'write',
      } as const;
      const added = await sandbox.createRepository({ name: path, creator: 'owner', collaborators });
      if (kind === 'token' && !hook.url.endsWith(':9/')) sandbox.addHook(added, hook);
      return known(added);
    },
    fork: async (parent, owner) => known(await sandbox.fork(repository(parent), { owner })),
    commit: (of, branch, files, more = {}) =>
      sandbox.commit(repository(of), branch, files, { message: `change ${branch}`, ...more }),
    tag: (of, name, sha) => sandbox.push(repository(of), `refs/tags/${name}`, sha),
    push: (of, branch, sha) => sandbox.push(repository(of), `refs/heads/${branch}`, sha),

    async open(of, { branch, target, title, as, from }) {
      const fork = from === undefined ? {} : { from: repository(from) };
      const who = as === undefined ? {} : { as };
      const opened = await sandbox.openPull(repository(of), {
        head: branch,
        base: target,
        title,
        ...fork,
        ...who,
      });
      const change = { repository: of, branch, number: opened.number };
      return {
        ...change,
        get head() {
          return opened.headSha;
        },
      };
    },
    edit: (change, { title, target }) =>
      sandbox.editPull(pull(change), {
        ...(title !== undefined && { title }),
        ...(target !== undefined && { base: target }),
      }),
    close: (change) => sandbox.closePull(pull(change)),
    reopen: (change) => sandbox.reopenPull(pull(change)),
    merge: (change, style = 'merge') => sandbox.merge(pull(change), { force: true, method: style }),
    comment: async (person, change, text) => toComment(await sandbox.comment(person, pull(change), text)),
    async editComment(person, change, { id }, text) {
      const found = sandbox.comments(pull(change)).find((one) => one.id === id);
      if (found !== undefined) await sandbox.editComment(person, found, text);
    },
    comments: (change) => sandbox.comments(pull(change)).map(toComment),
    statuses: (change, head = change.head) =>
      onlyLastShown(
        kind === 'app'
          ? checks(change, head).map(stateOfCheck)
          : statuses(change.repository, head, 'modelgate').map(stateOfStatus),
      ),
    production: (of, sha) =>
      onlyLastShown(
        kind === 'app'
          ? checks({ repository: of, head: sha }, sha, 'modelgate/production').map(stateOfCheck)
          : statuses(of, sha, 'modelgate/production').map(stateOfStatus),
      ),
    deployments: (of, environment) =>
      sandbox
        .deployments(repository(of), environment)
        .map(({ sha, statuses }) => ({ sha, state: stateOfDeployment(statuses.at(-1)?.state) })),

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
