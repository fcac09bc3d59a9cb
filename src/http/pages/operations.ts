import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HeldLine } from '../../domain/release-figures.ts';
import type { StuckLimits } from '../../domain/symptoms.ts';
import type { Log } from '../../log.ts';
import type { Audit } from '../../ports/audit.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Operations } from '../../ports/operations.ts';
import { renderOperationsPage } from '../../report/page/operations-page.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import type { Access, Visitor } from '../access/visitor.ts';
import { answerTrouble } from './answer-trouble.ts';
import { sendPage } from './send-page.ts';

/** What the page for those who run the installation needs. */
export interface OperationsDeps {
  readonly operations: Operations;
  readonly audit: Audit;
  readonly limits: StuckLimits;
  readonly clock: Clock;
  /** Lines and releases that wait for people. */
  held(): Promise<readonly HeldLine[]>;
}

const listed = 100;
const longestReason = 300;
const formType = 'application/x-www-form-urlencoded';

/** Carries out what a form asks for; undefined: done, else why not. */
type Action = (form: URLSearchParams, visitor: Visitor) => Promise<string | undefined>;

/** `GET /operations` and its actions, for operators; for all others there is no such page. */
export function registerOperations(
  app: FastifyInstance,
  deps: OperationsDeps & { readonly access: Access; readonly log: Log },
): void {
  const { operations, audit, limits, clock, access, log } = deps;

  async function show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visitor = await access.visitorOf(request, reply);
    if (visitor === undefined) return reply;
    if (!visitor.operator) return notFound(reply);
    const [state, failed, entries, held] = await Promise.all([
      operations.state(),
      operations.failed(listed),
      audit.last(listed),
      deps.held(),
    ]);
    const now = clock.now();
    const page = renderOperationsPage({ state, failed, audit: entries, held, limits, now, visitor });
    return sendPage(reply, 200, page);
  }

  function act(action: Action) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const visitor = await access.actorOf(request, reply);
      if (visitor === undefined) return reply;
      if (!visitor.operator) return notFound(reply);
      const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
      const refusal = await action(form, visitor);
      if (refusal !== undefined) return sendPage(reply, 400, renderMessagePage('Not done', refusal));
      return reply.header('cache-control', 'no-store').redirect('/operations', 303);
    };
  }

  async function pause(form: URLSearchParams, { name }: Visitor): Promise<string | undefined> {
    const reason = (form.get('reason') ?? '').trim().slice(0, longestReason);
    if (reason === '') return 'A pause needs a reason: everybody who waits for a verdict reads it.';
    await operations.pause({ actor: name, reason });
    return undefined;
  }

  async function resume(_form: URLSearchParams, { name }: Visitor): Promise<undefined> {
    await operations.resume({ actor: name });
  }

  async function retry(form: URLSearchParams, { name }: Visitor): Promise<string | undefined> {
    const done = await operations.retry(form.get('key') ?? '', { actor: name });
    return done ? undefined : 'This job does not fail any more: somebody was faster, or it was done.';
  }

  void app.register(async (scope) => {
    if (!scope.hasContentTypeParser(formType))
      scope.addContentTypeParser(formType, { parseAs: 'string' }, (_request, body, done) => done(null, body));
    const shown = 'The page could not be made. /readyz tells what is wrong.';
    answerTrouble(
      scope,
      { shown, logged: 'the page of operations could not be made', advises: true },
      { log, clock },
    );
    scope.get('/operations', show);
    scope.post('/operations/pause', act(pause));
    scope.post('/operations/resume', act(resume));
    scope.post('/operations/retry', act(retry));
  });
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 404, renderMessagePage('Not found', 'There is nothing here.'));
}
