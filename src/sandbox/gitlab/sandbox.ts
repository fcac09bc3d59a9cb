import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type FaultRule } from '../faults.ts';
import { createGitHttp } from '../git-http.ts';
import { createIdentityProvider, type IdentityProvider } from '../identity/sandbox.ts';
import { listenOnLoopback } from '../loopback.ts';
import { createApi } from './api/server.ts';
import type { ApiFault, ApiRequest } from './api/faults.ts';
import { commitStatusRoutes } from './commit-statuses/routes.ts';
import type { GitlabConfig, GitlabKnobs } from './config.ts';
import { findProject } from './access.ts';
import { decideGitAccess } from './git-access.ts';
import { sendGitFault, type GitFault, type GitRequest } from '../git-faults.ts';
import { environmentRoutes } from './deployments/environments.ts';
import { deploymentRoutes } from './deployments/routes.ts';
import { hookRoutes } from './hooks/routes.ts';
import { mergeRequestRoutes } from './merge-requests/routes.ts';
import { awardRoutes } from './notes/award-emoji.ts';
import { noteRoutes } from './notes/routes.ts';
import { pipelineRoutes } from './pipelines/routes.ts';
import { branchRoutes } from './projects/branches.ts';
import { memberRoutes } from './projects/members.ts';
import { projectRoutes } from './projects/routes.ts';
import { refsChanged } from './refs-changed.ts';
import { createSetup, type Setup } from './setup.ts';
import type { Delivery, QuickAction, User } from './state.ts';
import { createStories, type Stories } from './stories.ts';
import { userRoutes } from './users.ts';
import { createWorld, type World } from './world.ts';

/** A GitLab on loopback: REST API, git over HTTP and webhooks; repositories on disk, the rest in memory. */
export interface GitlabSandbox extends Setup, Stories {
  /** Base URL, without a slash at the end. Projects are cloned from `<url>/<path>.git`. */
  readonly url: string;
  /** May be changed at any time. */
  readonly knobs: GitlabKnobs;
  /** Where its users sign in to applications. */
  readonly identity: IdentityProvider;
  /** Deliveries that were tried, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Quick actions that comments triggered: none of ours ever should. */
  readonly quickActions: readonly QuickAction[];
  /** API requests, oldest first, the newest 5,000. */
  readonly requests: readonly ApiRequest[];
  /** Hears of every API request once it is answered; the returned function ends it. */
  observe(listener: (request: ApiRequest) => void): () => void;
  /** Makes API requests go wrong; the returned function ends it. */
  fail(rule: FaultRule<ApiRequest, ApiFault>): () => void;
  /** Makes git over HTTP go wrong. */
  failGit(rule: FaultRule<GitRequest, GitFault>): () => void;
  /** Resolves when no delivery, pipeline or merge check is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an empty instance. */
export async function createGitlabSandbox(config: GitlabConfig): Promise<GitlabSandbox> {
  const world = createWorld(config);
  const api = createApi(world, routesOf(world));
  const gitFaults = createFaults<GitRequest, GitFault>();
  const gitHttp = createGitHttp<User | undefined>({
    serial: world.serial,
    decide: (access) => decideGitAccess(world, access),
    async received({ path, actor, changes }) {
      const project = findProject(world, path);
      if (project === undefined || actor === undefined) return;
      // The push itself is done: what fails afterwards is not told to the client, but to whoever waits for quiet.
      await refsChanged(world, { user: actor }, project, changes).catch((error: unknown) =>
        world.background.start(() => Promise.reject(error)),
      );
    },
  });
  const identity = createIdentityProvider({
    kind: 'gitlab',
    url: () => world.url,
    accounts: () =>
      world.users
        .filter((user) => !user.bot && user.state === 'active')
        .map(({ id, username, name }) => ({ id, login: username, name })),
  });
  const base = config.relativePath ?? '';
  const server = await listenOnLoopback((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, config.port);
  world.url = server.url + base;

  return {
    url: world.url,
    ...createSetup(world),
    ...createStories(world),
    knobs: world.knobs,
    identity,
    deliveries: world.deliveries.entries,
    quickActions: world.quickActions,
    requests: api.requests,
    observe: (listener) => api.observe(listener),
    fail: (rule) => api.faults.add(rule),
    failGit: (rule) => gitFaults.add(rule),
    idle: () => world.background.idle(),
    async close() {
      await server.close();
      await world.background.stop();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '/';
    const inside = target.startsWith(`${base}/`) ? target.slice(base.length) : undefined;
    if (inside?.startsWith('/api/v4/') === true) return api.serve(request, response, inside);
    if (inside !== undefined && (await identity.serve(request, response, inside))) return undefined;
    if (inside !== undefined && (await serveGit(request, response, inside))) return undefined;
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404: Page not found</h1>');
    return undefined;
  }

  function serveGit(request: IncomingMessage, response: ServerResponse, inside: string): Promise<boolean> {
    const [path = ''] = inside.split('?', 1);
    const fault = gitFaults.take({ method: request.method ?? 'GET', path });
    if (fault === undefined) return gitHttp(request, response, inside);
    request.resume();
    sendGitFault(fault, response);
    return Promise.resolve(true);
  }
}

function routesOf(world: World): Parameters<typeof createApi>[1] {
  return [
    ...userRoutes(world),
    ...projectRoutes(world),
    ...memberRoutes(world),
    ...branchRoutes(world),
    ...mergeRequestRoutes(world),
    ...noteRoutes(world),
    ...awardRoutes(world),
    ...pipelineRoutes(world),
    ...commitStatusRoutes(world),
    ...environmentRoutes(world),
    ...deploymentRoutes(world),
    ...hookRoutes(world),
  ];
}
