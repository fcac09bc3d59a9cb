import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type FaultRule } from '../faults.ts';
import { sendGitFault, type GitFault, type GitRequest } from '../git-faults.ts';
import { createGitHttp } from '../git-http.ts';
import { listenOnLoopback } from '../loopback.ts';
import type { ApiFault, ApiRequest } from './api/faults.ts';
import { createApi } from './api/server.ts';
import { appRoutes } from './apps/routes.ts';
import { checkRoutes } from './checks/routes.ts';
import { commentRoutes } from './comments/routes.ts';
import { commitStatusRoutes } from './commit-statuses/routes.ts';
import type { GithubConfig, GithubKnobs } from './config.ts';
import { decideGitAccess } from './git-access.ts';
import { deploymentRoutes } from './deployments/routes.ts';
import { hookRoutes } from './hooks/routes.ts';
import { pullRoutes } from './pulls/routes.ts';
import { refsChanged } from './refs-changed.ts';
import { findRepository } from './repositories/find.ts';
import { matchingRefRoutes } from './repositories/matching-refs.ts';
import { repositoryRoutes } from './repositories/routes.ts';
import { createSetup, type Setup } from './setup.ts';
import type { Delivery, User } from './state.ts';
import { createStories, type Stories } from './stories.ts';
import { userRoutes } from './users/routes.ts';
import { createWorld, type World } from './world.ts';

/**
 * A GitHub on loopback: REST API, git over HTTP and webhooks; repositories on disk, the rest in memory.
 *
 *     const github = await createGithubSandbox({ root });              // or { root, enterprise: '3.19.1' }
 *     github.addOrganization('acme');
 *     github.addUser({ login: 'ada' });
 *     const repository = await github.createRepository({ name: 'acme/auto-mpg', creator: 'ada' });
 *     const app = github.addApp({ slug: 'gate', owner: 'acme', publicKey, permissions, events, hook });
 *     github.install(app, 'acme');
 *     await github.commit(repository, 'main', { 'README.md': '# Auto MPG\n' }, 'First');
 *
 * The API is at `apiUrl`: as on github.com directly below the address (below `/api/v3` too), on an Enterprise Server
 * only below `/api/v3`. Pages would be at `url/acme/auto-mpg/pull/1`, git is at `url/acme/auto-mpg.git`.
 */
export interface GithubSandbox extends Setup, Stories {
  /** Of pages and git, without a slash at the end. */
  readonly url: string;
  /** Of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** May be changed at any time. */
  readonly knobs: GithubKnobs;
  /** Deliveries that were tried, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** API requests, oldest first, the newest 5,000. */
  readonly requests: readonly ApiRequest[];
  /** Hears of every API request once it is answered; the returned function ends it. */
  observe(listener: (request: ApiRequest) => void): () => void;
  /** Makes API requests go wrong; the returned function ends it. */
  fail(rule: FaultRule<ApiRequest, ApiFault>): () => void;
  /** Makes git over HTTP go wrong. */
  failGit(rule: FaultRule<GitRequest, GitFault>): () => void;
  /** Resolves when no delivery and no merge check is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const enterprisePrefix = '/api/v3';
const apiPaths = /^\/(?:repos|repositories|app|installation|user|users|meta|rate_limit)(?:[/?]|$)/;

/** Starts an empty instance. */
export async function createGithubSandbox(config: GithubConfig): Promise<GithubSandbox> {
  const world = createWorld(config);
  const api = createApi(world, routesOf(world));
  const gitFaults = createFaults<GitRequest, GitFault>();
  const gitHttp = createGitHttp<User | undefined>({
    realm: 'GitHub',
    serial: world.serial,
    decide: (access) => decideGitAccess(world, access),
    async received({ path, actor, changes }) {
      const repository = findRepository(world, path);
      if (repository === undefined || actor === undefined) return;
      // The push itself is done: what fails afterwards is not told to the client, but to whoever waits for quiet.
      await refsChanged(world, { user: actor }, repository, changes).catch((error: unknown) =>
        world.background.start(() => Promise.reject(error)),
      );
    },
  });
  const server = await listenOnLoopback((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }, config.port);
  world.url = server.url;
  world.apiUrl = server.url + (world.enterprise === undefined ? '' : enterprisePrefix);

  return {
    url: world.url,
    apiUrl: world.apiUrl,
    ...createSetup(world),
    ...createStories(world),
    knobs: world.knobs,
    deliveries: world.deliveries.entries,
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
    const prefix = target.startsWith(`${enterprisePrefix}/`) ? enterprisePrefix : '';
    const isApi = prefix !== '' || (world.enterprise === undefined && apiPaths.test(target));
    if (await serveGit(request, response, target)) return undefined;
    if (isApi) return api.serve(request, response, { prefix, target: target.slice(prefix.length) });
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404: Not Found</h1>');
    return undefined;
  }

  function serveGit(request: IncomingMessage, response: ServerResponse, target: string): Promise<boolean> {
    const [path = ''] = target.split('?', 1);
    if (!/\/(?:info\/refs|git-upload-pack|git-receive-pack)$/.test(path)) return Promise.resolve(false);
    const fault = gitFaults.take({ method: request.method ?? 'GET', path });
    if (fault === undefined) return gitHttp(request, response, target);
    request.resume();
    sendGitFault(fault, response);
    return Promise.resolve(true);
  }
}

function routesOf(world: World): Parameters<typeof createApi>[1] {
  return [
    ...userRoutes(world),
    ...appRoutes(world),
    ...hookRoutes(world),
    ...pullRoutes(world),
    ...commentRoutes(world),
    ...checkRoutes(world),
    ...commitStatusRoutes(world),
    ...deploymentRoutes(world),
    ...repositoryRoutes(world),
    ...matchingRefRoutes(world),
  ];
}
