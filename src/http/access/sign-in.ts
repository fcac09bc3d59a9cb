import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Secret } from '../../domain/secret.ts';
import { messageOf, RetryableError, UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Identity, Person } from '../../ports/identity.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import {
  renderSignedInPage,
  renderSignInPage,
  renderSignInTrouble,
  type SignInChoice,
  type SignInTrouble,
} from '../../report/page/sign-in-page.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { answerTrouble } from '../pages/answer-trouble.ts';
import { sendPage } from '../pages/send-page.ts';
import { createAtMost } from './at-most.ts';
import type { Cookies } from './cookies.ts';
import { isSentFrom, publicOrigin } from './origin.ts';
import { renderNotFromHere } from './password.ts';
import { returnPath } from './return-path.ts';
import { seal, unseal } from './seal.ts';
import { sessionCookie, signInCookie } from './session-cookie.ts';

/** A host to sign in with. */
export interface SignInHost {
  /** Its id in the configuration. */
  readonly host: string;
  /** As people call it: `GitLab (corp)`. */
  readonly label: string;
  readonly identity: Identity;
  /** The application's secret. */
  readonly secret: Secret;
}

export interface SignInDeps {
  readonly hosts: readonly SignInHost[];
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly publicUrl: string;
  readonly log: Log;
  readonly clock: Clock;
}

type HostRequest = FastifyRequest<{ Params: { host: string } }>;

/** How long somebody may take at the host. Milliseconds. */
const signInMs = 10 * 60 * 1000;
/** Cookies of sign-ins that were begun and not ended; more would make requests too long. */
const mostBegun = 5;
/** Of all together, that come back: each costs requests to the host, of which it counts ours. */
const perMinute = 300;
/** What a host gets to answer. */
const askMs = 15_000;

/** `GET /sign-in`, `/sign-in/:host`, `/sign-in/:host/callback` and `POST /sign-out`. */
export function registerSignIn(app: FastifyInstance, deps: SignInDeps): void {
  const { hosts, sessions, cookies, log, clock } = deps;
  const choices: readonly SignInChoice[] = hosts.map(({ host, label }) => ({ host, label }));
  const sparingly = createLogSparingly(log, clock);
  const mayAsk = createAtMost(perMinute, clock);

  async function choose(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const to = returnPath(queryOf(request, 'to'));
    const id = cookies.read(request).get(sessionCookie);
    const person = id === undefined ? undefined : await sessions.find(id);
    if (person !== undefined) return sendPage(reply, 200, renderSignedInPage({ name: nameOf(person), to }));
    const signedOut = queryOf(request, 'signed-out') !== undefined;
    const [only, another] = choices;
    if (only !== undefined && another === undefined && !signedOut)
      return leave(reply, `/sign-in/${only.host}?to=${encodeURIComponent(to)}`);
    return sendPage(reply, 200, renderSignInPage({ choices, to, signedOut }));
  }

  async function begin(request: HostRequest, reply: FastifyReply): Promise<FastifyReply> {
    const host = hostOf(request);
    if (host === undefined) return notFound(reply);
    const to = returnPath(queryOf(request, 'to'));
    try {
      const redirectUri = `${publicOrigin(deps.publicUrl, request)}/sign-in/${host.host}/callback`;
      const { url, kept } = await host.identity.begin(redirectUri, AbortSignal.timeout(askMs));
      const until = clock.now().getTime() + signInMs;
      const name = cookieOf(new URL(url).searchParams.get('state') ?? '');
      reply.header('set-cookie', [
        ...forgotten(request),
        cookies.set(name, seal({ kept, to, until }, host.host, host.secret()), signInMs / 1000),
      ]);
      return leave(reply, url);
    } catch (thrown) {
      return fail(reply, host, to, thrown);
    }
  }

  async function comeBack(request: HostRequest, reply: FastifyReply): Promise<FastifyReply> {
    const host = hostOf(request);
    if (host === undefined) return notFound(reply);
    const read = cookies.read(request);
    const name = cookieOf(queryOf(request, 'state') ?? '');
    const sealed = read.get(name);
    const begun = sealed === undefined ? undefined : unseal(sealed, host.host, host.secret(), clock.now());
    const to = begun?.to ?? '/';
    // Whatever comes of it, it was used.
    reply.header('set-cookie', cookies.clear(name));
    if (begun === undefined) return sendTrouble(reply, host, to, 'sign-in-stale');
    if (!mayAsk()) return sendTrouble(reply, host, to, 'busy');
    try {
      const callback = new URL(request.url, publicOrigin(deps.publicUrl, request));
      const person = await host.identity.finish(callback, begun.kept, AbortSignal.timeout(askMs));
      const before = read.get(sessionCookie);
      if (before !== undefined) await sessions.close(before);
      const id = await sessions.open(person);
      reply.header('set-cookie', cookies.set(sessionCookie, id));
      log.info({ person: nameOf(person) }, 'signed in');
      return leave(reply, to);
    } catch (thrown) {
      return fail(reply, host, to, thrown);
    }
  }

  async function signOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (!isSentFrom([publicOrigin(deps.publicUrl, request)], request))
      return sendPage(reply, 403, renderNotFromHere());
    const id = cookies.read(request).get(sessionCookie);
    const person = id === undefined ? undefined : await sessions.find(id);
    if (id !== undefined) await sessions.close(id);
    if (person !== undefined) log.info({ person: nameOf(person) }, 'signed out');
    reply.header('set-cookie', cookies.clear(sessionCookie));
    return leave(reply, '/sign-in?signed-out');
  }

  function fail(reply: FastifyReply, host: SignInHost, to: string, thrown: unknown): FastifyReply {
    const trouble = troubleOf(thrown);
    // What people do is no trouble of ours.
    if (trouble === 'host-away' || trouble === 'sign-in-misconfigured') {
      const remedy = thrown instanceof UserError ? { remedy: thrown.remedy } : {};
      const fields = { host: host.host, reason: messageOf(thrown), ...remedy };
      sparingly(
        `${host.host} ${fields.reason}`,
        fields,
        'nobody could sign in',
        trouble === 'host-away' ? 'warn' : 'error',
      );
    }
    return sendTrouble(reply, host, to, trouble);
  }

  function hostOf({ params }: HostRequest): SignInHost | undefined {
    return hosts.find(({ host }) => host === params.host);
  }

  /** Sign-ins that were left lying, when there are many of them. */
  function forgotten(request: FastifyRequest): readonly string[] {
    const begun = [...cookies.read(request).keys()].filter((name) => name.startsWith(signInCookie));
    return begun.length < mostBegun ? [] : begun.map((name) => cookies.clear(name));
  }

  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4096 },
      (_request, _body, done) => done(null),
    );
    const shown = 'Nobody can sign in at the moment. Load this page again in a minute.';
    answerTrouble(scope, { shown, logged: 'a sign-in page could not be made' }, { log, clock });
    scope.get('/sign-in', choose);
    scope.get('/sign-in/:host', begin);
    scope.get('/sign-in/:host/callback', comeBack);
    scope.post('/sign-out', signOut);
  });
}

/** Each sign-in has a cookie of its own, so that several tabs can sign in at the same time. */
function cookieOf(state: string): string {
  return signInCookie + createHash('sha256').update(state).digest('hex').slice(0, 16);
}

function nameOf({ login, host }: Person): string {
  return `${login} at ${host}`;
}

function queryOf({ query }: FastifyRequest, name: string): string | undefined {
  const value: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function troubleOf(thrown: unknown): SignInTrouble {
  if (thrown instanceof RetryableError) return 'host-away';
  if (!(thrown instanceof UserError)) throw thrown;
  const { code } = thrown;
  return code === 'sign-in-refused' || code === 'sign-in-stale' ? code : 'sign-in-misconfigured';
}

const codes: Readonly<Record<SignInTrouble, number>> = {
  'sign-in-refused': 403,
  'sign-in-stale': 400,
  'sign-in-misconfigured': 502,
  'host-away': 503,
  busy: 503,
};

function sendTrouble(
  reply: FastifyReply,
  { host, label }: SignInHost,
  to: string,
  trouble: SignInTrouble,
): FastifyReply {
  return sendPage(reply, codes[trouble], renderSignInTrouble({ trouble, choice: { host, label }, to }));
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    404,
    renderMessagePage('Not found', 'Nobody signs in here. The list of runs is at /.'),
  );
}

function leave(reply: FastifyReply, url: string): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(url, 303);
}
