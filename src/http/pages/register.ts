import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { renderMessagePage, renderRunsPage } from '../../report/page/runs-page.ts';
import { styleSheet } from '../../report/style.ts';
import type { Access } from '../access/visitor.ts';
import { registerOperations } from './operations.ts';
import type { OperationsDeps } from './operations.ts';
import { addPauseNotice } from './pause-notice.ts';
import { showRun } from './run-page.ts';
import { sendPage } from './send-page.ts';

export interface PageDeps {
  readonly runStore: Pick<RunStore, 'loadRun' | 'loadSubject' | 'recentRuns'>;
  readonly runLog: Pick<RunLog, 'read'>;
  readonly access: Access;
  /** Undefined: there is no page for operators. */
  readonly operations?: OperationsDeps;
  readonly log: Log;
}

const listed = 100;

/** `GET /`, `GET /runs/:id` and their style sheet, for those who may read them. */
export function registerPages(app: FastifyInstance, deps: PageDeps): void {
  const { access, log } = deps;

  async function guard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    return (await access.visitorOf(request, reply)) === undefined ? reply : undefined;
  }

  if (deps.operations !== undefined) registerOperations(app, { ...deps.operations, access, log });

  void app.register(async (scope) => {
    scope.addHook('onRequest', guard);
    if (deps.operations !== undefined) addPauseNotice(scope, deps.operations.operations);
    scope.setErrorHandler((error, _request, reply) => {
      log.error({ reason: messageOf(error) }, 'a page could not be made');
      const message = 'The results cannot be read at the moment. Load this page again in a minute.';
      return sendPage(reply, 503, renderMessagePage('Not available', message));
    });
    scope.get('/', async (_request, reply) => {
      return sendPage(reply, 200, renderRunsPage(await deps.runStore.recentRuns(listed)));
    });
    scope.get('/runs/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const page = await showRun(request.params.id, deps);
      return page === undefined
        ? sendPage(
            reply,
            404,
            renderMessagePage('Not found', 'There is no such run. Runs are kept for 30 days.'),
          )
        : sendPage(reply, 200, page);
    });
  });

  app.get('/assets/style.css', async (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' })
      .type('text/css; charset=utf-8')
      .send(styleSheet),
  );
}
