import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunLog } from '../../ports/run-log.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { htmlText } from '../../report/html.ts';
import type { Html } from '../../report/html.ts';
import { renderMessagePage, renderRunsPage } from '../../report/page/runs-page.ts';
import { styleSheet } from '../../report/style.ts';
import { decideAccess } from '../access.ts';
import type { PageAccess } from '../access.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { showRun } from './run-page.ts';

export interface PageDeps {
  readonly runStore: Pick<RunStore, 'loadRun' | 'loadSubject' | 'recentRuns'>;
  readonly runLog: Pick<RunLog, 'read'>;
  readonly access: PageAccess;
  readonly log: Log;
  readonly clock: Clock;
}

const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

const listed = 100;

/** Why there are no pages, for whoever runs the server. */
const hints = {
  hidden: 'pages are not served: set pages.token or pages.basic, or listen on the loopback interface',
  indirect:
    'a page was not served: it was asked for through a proxy or by another name than localhost or 127.0.0.1; set pages.token or pages.basic',
} as const;

/** `GET /`, `GET /runs/:id` and their style sheet, for those who may read them. */
export function registerPages(app: FastifyInstance, deps: PageDeps): void {
  const { access, log, clock } = deps;
  const sparingly = createLogSparingly(log, clock);

  async function guard(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    reply.headers(pageHeaders);
    const decision = decideAccess(access, request);
    if (decision === 'granted') return undefined;
    if (decision === 'denied') {
      const message = renderMessagePage(
        'Sign in',
        'These pages are for those who have their password or token.',
      );
      return send(reply.header('www-authenticate', 'Basic realm="modelgate", charset="UTF-8"'), 401, message);
    }
    sparingly(decision, {}, hints[decision]);
    return send(reply, 404, renderMessagePage('Not found', 'There is nothing here.'));
  }

  void app.register(async (scope) => {
    scope.addHook('onRequest', guard);
    scope.setErrorHandler((error, _request, reply) => {
      log.error({ reason: messageOf(error) }, 'a page could not be made');
      const message = 'The results cannot be read at the moment. Load this page again in a minute.';
      return send(reply, 503, renderMessagePage('Not available', message));
    });
    scope.get('/', async (_request, reply) => {
      return send(reply, 200, renderRunsPage(await deps.runStore.recentRuns(listed)));
    });
    scope.get('/runs/:id', async (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
      const page = await showRun(request.params.id, deps);
      return page === undefined
        ? send(reply, 404, renderMessagePage('Not found', 'There is no such run. Runs are kept for 30 days.'))
        : send(reply, 200, page);
    });
  });

  app.get('/assets/style.css', async (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=300', 'x-content-type-options': 'nosniff' })
      .type('text/css; charset=utf-8')
      .send(styleSheet),
  );
}

function send(reply: FastifyReply, code: number, page: Html): FastifyReply {
  return reply.code(code).type('text/html; charset=utf-8').send(htmlText(page));
}
