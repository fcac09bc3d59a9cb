import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Person } from '../../ports/identity.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { sendPage } from '../pages/send-page.ts';
import { opensPage } from '../pages/visit.ts';
import { awayPage } from './away-page.ts';
import type { Cookies } from './cookies.ts';
import { decideAccess } from './decide.ts';
import type { PageAccess } from './decide.ts';
import { isSentFrom, publicOrigin } from './origin.ts';
import { howToComeIn, operator, renderNotFromHere } from './password.ts';
import type { Permissions } from './permissions.ts';
import { sessionCookie } from './session-cookie.ts';
import { createProxyReader } from './trusted-proxy.ts';
import type { TrustedProxy } from './trusted-proxy.ts';
import type { Access, Visitor } from './visitor.ts';

/** Who may come as a person, beside those with the token or password. */
export interface PersonAccessSettings extends PageAccess {
  readonly publicUrl: string;
  /** `alice@corp`: those who run the installation. */
  readonly operators: readonly string[];
  /** Whether people can sign in here. */
  readonly signIn: boolean;
  readonly proxy?: TrustedProxy | undefined;
}

/** What it asks. */
export interface PersonAccessDeps {
  readonly sessions: Pick<Sessions, 'find'>;
  readonly permissions: Permissions;
  readonly cookies: Cookies;
  readonly log: Log;
  readonly clock: Clock;
}

/** Access for people whom a host knows: each sees what the host lets them read, and acts on what they may push to. */
export function createPersonAccess(settings: PersonAccessSettings, deps: PersonAccessDeps): Access {
  const { permissions, sessions, cookies } = deps;
  const operators = new Set(settings.operators.map((name) => name.toLowerCase()));
  const { proxy } = settings;
  const readProxy = proxy && createProxyReader(proxy);
  const sparingly = createLogSparingly(deps.log, deps.clock);

  function visitor(person: Person, signedIn: boolean): Visitor {
    const name = `${person.login} at ${person.host}`;
    if (operators.has(`${person.login}@${person.host}`.toLowerCase())) return { ...operator, name, signedIn };
    return {
      name,
      signedIn,
      operator: false,
      mayRead: async ({ host, id }) => host === person.host && permissions.mayRead(host, id, person.id),
      mayAct: async ({ host, id }) => host === person.host && permissions.mayPush(host, id, person.id),
    };
  }

  /** `refused`: the reply was sent. */
  async function namedByProxy(
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Visitor | 'refused' | undefined> {
    const word = readProxy?.(request);
    if (proxy === undefined || word === undefined || word.kind === 'nobody') return undefined;
    if (word.kind === 'stranger') {
      const { address } = word;
      const told = { header: proxy.header, address };
      sparingly(
        `proxy ${address}`,
        told,
        'a header that names a person was ignored: it did not come from pages.proxy.trusted',
      );
      return undefined;
    }
    const login = word.kind === 'named' ? word.login : '';
    const id = login === '' ? undefined : await permissions.idOf(proxy.host, login);
    if (id !== undefined) return visitor({ host: proxy.host, id, login, name: '' }, false);
    sparingly(
      'proxy nobody',
      { header: proxy.header },
      `the proxy names somebody whom ${proxy.host} does not know`,
    );
    const words = `The proxy in front of these pages names somebody who is no active user of ${proxy.host}. Whoever runs it can compare pages.proxy with what it sends.`;
    await sendPage(reply, 403, renderMessagePage('Not for you', words));
    return 'refused';
  }

  async function signedIn(request: FastifyRequest): Promise<Visitor | undefined> {
    const id = settings.signIn ? cookies.read(request).get(sessionCookie) : undefined;
    const person = id === undefined ? undefined : await sessions.find(id);
    return person && visitor(person, true);
  }

  function withPassword(request: FastifyRequest): Visitor | undefined {
    const { token, basic } = settings;
    if ((token === undefined && basic === undefined) || request.headers.authorization === undefined)
      return undefined;
    return decideAccess(settings, request) === 'granted'
      ? { ...operator, name: basic?.user ?? 'operator' }
      : undefined;
  }

  async function visitorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor | undefined> {
    try {
      const byPassword = withPassword(request);
      if (byPassword !== undefined) return byPassword;
      const byProxy = await namedByProxy(request, reply);
      if (byProxy !== undefined) return byProxy === 'refused' ? undefined : byProxy;
      const bySession = await signedIn(request);
      if (bySession !== undefined) return bySession;
    } catch (thrown) {
      const page = awayPage(thrown);
      if (page === undefined) throw thrown;
      await sendPage(reply, 503, page);
      return undefined;
    }
    await turnAway(settings, request, reply);
    return undefined;
  }

  return {
    visitorOf,
    async actorOf(request, reply) {
      if (isSentFrom([publicOrigin(settings.publicUrl, request)], request)) return visitorOf(request, reply);
      await sendPage(reply, 403, renderNotFromHere());
      return undefined;
    },
  };
}

/** Browsers go to the sign-in and come back; everything else hears 401, or 403 where nothing could be shown instead. */
async function turnAway(
  { signIn, token, basic }: PersonAccessSettings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  if (signIn && opensPage(request)) {
    reply.header('cache-control', 'no-store');
    await reply.redirect(`/sign-in?to=${encodeURIComponent(request.url)}`, 303);
    return;
  }
  const challenge =
    !signIn && basic !== undefined ? 'Basic realm="modelgate", charset="UTF-8"' : 'Bearer realm="modelgate"';
  if (signIn || token !== undefined || basic !== undefined) {
    reply.header('www-authenticate', challenge);
    const words = signIn
      ? 'You are not signed in, or not any more: sign in, and do it again.'
      : basic === undefined
        ? 'These pages are for those who have their token.'
        : howToComeIn({ basic, token });
    await sendPage(reply, 401, renderMessagePage('Sign in', words));
    return;
  }
  const words = 'These pages are for those whom the proxy in front of them names. Use its address.';
  await sendPage(reply, 403, renderMessagePage('Not for you', words));
}
