import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { sendPage } from '../pages/send-page.ts';
import { decideAccess } from './decide.ts';
import type { PageAccess } from './decide.ts';
import type { Access, Visitor } from './visitor.ts';

/** Why there are no pages, for whoever runs the server. */
const hints = {
  hidden: 'pages are not served: set pages.token or pages.basic, or listen on the loopback interface',
  indirect:
    'a page was not served: it was asked for through a proxy or by another name than localhost or 127.0.0.1; set pages.token or pages.basic',
} as const;

/** Who has the password of the installation runs it. */
const operator: Omit<Visitor, 'name'> = {
  operator: true,
  mayRead: () => Promise.resolve(true),
  mayAct: () => Promise.resolve(true),
};

/** Access for those who have the one token or password of a small installation. */
export function createPasswordAccess(
  settings: PageAccess,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Access {
  const sparingly = createLogSparingly(log, clock);

  async function visitorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | undefined> {
    const decision = decideAccess(settings, request);
    if (decision === 'granted') return { ...operator, name: settings.basic?.user ?? 'operator' };
    if (decision === 'denied') {
      const words = 'These pages are for those who have their password or token.';
      reply.header('www-authenticate', 'Basic realm="modelgate", charset="UTF-8"');
      await sendPage(reply, 401, renderMessagePage('Sign in', words));
      return undefined;
    }
    sparingly(decision, {}, hints[decision]);
    await sendPage(reply, 404, renderMessagePage('Not found', 'There is nothing here.'));
    return undefined;
  }

  return {
    visitorOf,
    async actorOf(request, reply) {
      if (isFromOurPages(request)) return visitorOf(request, reply);
      await sendPage(
        reply,
        403,
        renderMessagePage('Not done', 'Actions are taken from the pages themselves.'),
      );
      return undefined;
    },
  };
}

/** Whether a browser says that one of our own pages sent the form: another site's page cannot say so. */
function isFromOurPages({ headers, protocol, host }: FastifyRequest): boolean {
  const { origin } = headers;
  return origin !== undefined && origin === `${protocol}://${host}`;
}
