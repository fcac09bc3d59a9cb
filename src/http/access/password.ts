import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Html } from '../../report/html.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { sendPage } from '../pages/send-page.ts';
import { decideAccess } from './decide.ts';
import type { PageAccess } from './decide.ts';
import { isSentFrom, publicOrigin } from './origin.ts';
import type { Access, Visitor } from './visitor.ts';

/** Why there are no pages, for whoever runs the server. */
const hints = {
  hidden:
    'pages are not served: set pages.signIn, pages.token or pages.basic, or listen on the loopback interface',
  indirect:
    'a page was not served: it was asked for through a proxy or by another name than localhost or 127.0.0.1; set pages.signIn, pages.token or pages.basic',
} as const;

/** Who has the token or password of the installation, or sits at its machine, runs it. */
export const operator: Omit<Visitor, 'name'> = {
  operator: true,
  mayRead: () => Promise.resolve(true),
  mayAct: () => Promise.resolve(true),
};

/** What the question for user and password wants, for those who have what it takes. */
export function howToComeIn({ basic, token }: Pick<PageAccess, 'basic' | 'token'>): string {
  const who = 'These pages are for those who have their password or token. Load them again and type';
  const withToken = 'any user name, with the token as the password';
  if (basic === undefined) return `${who} ${withToken}.`;
  return `${who} the user name and password of this installation${token === undefined ? '' : `, or ${withToken}`}.`;
}

/** The answer to an action that another site's page, or a script, sent. */
export function renderNotFromHere(): Html {
  const words =
    'Actions are taken from the pages themselves. Load the page again by its usual address, and try once more.';
  return renderMessagePage('Not done', words);
}

/** Access for those who have the one token or password of a small installation. */
export function createPasswordAccess(
  settings: PageAccess,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Access {
  const sparingly = createLogSparingly(log, clock);
  const { publicUrl } = settings;

  async function visitorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | undefined> {
    const decision = decideAccess(settings, request);
    if (decision === 'granted') return { ...operator, name: settings.basic?.user ?? 'operator' };
    if (decision === 'denied') {
      const words = howToComeIn(settings);
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
      const asked = `${request.protocol}://${request.host}`;
      const origins = publicUrl === undefined ? [asked] : [asked, publicOrigin(publicUrl, request)];
      if (isSentFrom(origins, request)) return visitorOf(request, reply);
      await sendPage(reply, 403, renderNotFromHere());
      return undefined;
    },
  };
}
