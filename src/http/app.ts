import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { registerSignIn } from './access/sign-in.ts';
import type { SignInDeps } from './access/sign-in.ts';
import type { DeliveryDeps } from './answer-delivery.ts';
import type { PageDeps } from './pages/page-deps.ts';
import { registerPages } from './pages/register.ts';
import { opensPage, sendNotFound } from './pages/visit.ts';
import { registerProbes } from './probes.ts';
import type { ProbeDeps } from './probes.ts';
import { statusOf } from './status-of.ts';
import { registerWebhooks } from './webhooks.ts';

/** What the process serves: a worker alone has probes only. */
export interface AppDeps {
  readonly log: Log;
  readonly webhooks?: DeliveryDeps;
  readonly probes?: ProbeDeps;
  readonly pages?: PageDeps;
  /** Where people sign in; absent: nobody does here. */
  readonly signIn?: SignInDeps | undefined;
}

/** Builds the server without listening. Answers to errors have no bodies, for nobody reads them but attackers; browsers that look for a page get one. */
export function buildApp({ log, webhooks, probes, pages, signIn }: AppDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: 64 * 1024,
    requestTimeout: 15_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // A merge group is named by its branch.
    routerOptions: { maxParamLength: 500 },
    // Node looks for requests that take too long only so often.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5000, maxHeaderSize: 16 * 1024 },
  });
  app.server.maxConnections = 2000;
  app.setNotFoundHandler((request, reply) =>
    pages !== undefined && opensPage(request) ? sendNotFound(reply) : reply.code(404).send(),
  );
  app.setErrorHandler((error, _request, reply) => {
    const code = statusOf(error);
    if (code >= 500) log.error({ reason: messageOf(error), code }, 'a request failed');
    return reply.code(code).send();
  });
  if (webhooks !== undefined) registerWebhooks(app, webhooks);
  if (probes !== undefined) registerProbes(app, probes);
  if (pages !== undefined) registerPages(app, pages);
  if (signIn !== undefined) registerSignIn(app, signIn);
  return app;
}
