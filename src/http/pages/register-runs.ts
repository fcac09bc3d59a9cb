import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runAddress } from '../../report/page/addresses.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { runSource } from './live/sources.ts';
import type { Streams } from './live/streams.ts';
import type { PageDeps } from './page-deps.ts';
import { retest } from './retest.ts';
import { isRunId, showRun } from './run-page.ts';
import { sendPage } from './send-page.ts';
import { forVisitors, mayRead, sendNotFound } from './visit.ts';

type RunRequest = FastifyRequest<{ Params: { id: string } }>;

/** `GET /runs/:id`, its log as events, and `POST /runs/:id/retest`. */
export function registerRuns(scope: FastifyInstance, deps: PageDeps, streams: Streams): void {
  const { access } = deps;

  scope.get(
    '/runs/:id',
    forVisitors<RunRequest>(access, async ({ params: { id } }, reply, visitor) => {
      const page = await showRun(id, deps, visitor);
      return page === undefined ? sendNotFound(reply) : sendPage(reply, 200, page);
    }),
  );

  scope.get(
    '/runs/:id/log',
    forVisitors<RunRequest>(access, async (request, reply, visitor) => {
      const { id } = request.params;
      const summary = isRunId(id) ? await deps.runLists.summary(id) : undefined;
      if (summary === undefined || !(await mayRead(visitor, summary.subject))) return sendNotFound(reply);
      return streams.open(request, reply, `run/${id}`, runSource(id, deps));
    }),
  );

  scope.post('/runs/:id/retest', async (request: RunRequest, reply): Promise<FastifyReply> => {
    const actor = await access.actorOf(request, reply);
    if (actor === undefined) return reply;
    const { id } = request.params;
    const run = isRunId(id) ? await deps.runStore.loadRun(id) : undefined;
    if (run === undefined || !(await mayRead(actor, run.subject))) return sendNotFound(reply);
    const { host, repositoryId } = run.subject;
    if (!(await actor.mayAct({ host, id: repositoryId }))) {
      const words = 'Judging again is for those who may push to the repository.';
      return sendPage(reply, 403, renderMessagePage('Not done', words));
    }
    await retest(run, actor.name, { ...deps, audit: deps.operations.audit });
    return reply.redirect(runAddress(id), 303);
  });
}
