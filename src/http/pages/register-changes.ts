import { subjectKey } from '../../domain/subject.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressByPath, showChange, subjectOf, type ChangeParams } from './change-page.ts';
import { changeSource } from './live/sources.ts';
import type { Streams } from './live/streams.ts';
import type { PageDeps } from './page-deps.ts';
import { sendPage } from './send-page.ts';
import { changeStandingOf } from './standing.ts';
import { forVisitors, mayRead, sendNotFound } from './visit.ts';

type ChangeRequest = FastifyRequest<{ Params: ChangeParams }>;

/** `GET /changes/:host/:repository/:number`, and events that tell when that page is another one. */
export function registerChanges(scope: FastifyInstance, deps: PageDeps, streams: Streams): void {
  const { access, runLists } = deps;

  scope.get(
    '/changes/:host/:repository/:number',
    forVisitors<ChangeRequest>(access, async ({ params }, reply, visitor) => {
      const subject = subjectOf(params);
      const page = subject === undefined ? undefined : await showChange(subject, deps, visitor);
      if (page !== undefined) return sendPage(reply, 200, page);
      const address = await addressByPath(params, runLists, visitor);
      return address === undefined ? sendNotFound(reply) : reply.redirect(address, 302);
    }),
  );

  scope.get(
    '/changes/:host/:repository/:number/events',
    forVisitors<ChangeRequest>(access, async (request, reply, visitor) => {
      const subject = subjectOf(request.params);
      const standing = subject === undefined ? undefined : await changeStandingOf(subject, deps);
      if (subject === undefined || standing === undefined || !(await mayRead(visitor, subject)))
        return sendNotFound(reply);
      return streams.open(request, reply, subjectKey(subject), changeSource(subject, deps));
    }),
  );
}
