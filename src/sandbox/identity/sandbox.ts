import type { IncomingMessage, ServerResponse } from 'node:http';
import { headerRecord, listenOnLoopback, readBody } from '../loopback.ts';
import type { Answer, Asking } from './answer.ts';
import { createGithubProvider } from './github.ts';
import { createGitlabProvider, type IdentityKnobs } from './gitlab.ts';
import { createGrants, type Account, type Client } from './grants.ts';

/** Where people of a host sign in to applications. */
export interface IdentityProvider {
  /** May be changed at any time. */
  readonly knobs: IdentityKnobs;
  /** Registers an application. */
  register(client: Client): void;
  /** Tokens of people that are good now. */
  tokens(): number;
  /** Requests so far: `POST /oauth/token`. */
  readonly requests: readonly string[];
  /** Answers a request below its base address; false: it is about something else. */
  serve(request: IncomingMessage, response: ServerResponse, target: string): Promise<boolean>;
}

/** A provider with a server of its own. */
export interface IdentitySandbox extends IdentityProvider {
  readonly url: string;
  close(): Promise<void>;
}

/** `url` and `accounts` are asked at each request. */
export function createIdentityProvider(setup: {
  readonly kind: 'gitlab' | 'github';
  readonly url: () => string;
  readonly accounts: () => readonly Account[];
}): IdentityProvider {
  const knobs: IdentityKnobs = { down: false, claims: (claims) => claims, wrongKey: false };
  const grants = createGrants(() => Date.now());
  const provide = setup.kind === 'gitlab' ? createGitlabProvider : createGithubProvider;
  const answer = provide({ url: setup.url, accounts: setup.accounts, grants, knobs });
  const requests: string[] = [];

  return {
    knobs,
    requests,
    register: (client) => void grants.clients.push(client),
    tokens: () => grants.tokens.size,
    async serve(request, response, target) {
      const url = new URL(target, 'http://sandbox');
      if (!isOurs(url.pathname)) return false;
      const asking: Asking = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: headerRecord(request),
        body: (await readBody(request, 64 * 1024))?.toString('utf8') ?? '',
      };
      requests.push(`${asking.method} ${asking.path}`);
      const away: Answer = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'away' };
      const given = knobs.down ? away : answer(asking);
      if (given === undefined) response.writeHead(404).end();
      else response.writeHead(given.status, given.headers).end(given.body);
      return true;
    },
  };
}

/** A provider alone, on loopback. */
export async function createIdentitySandbox(setup: {
  readonly kind: 'gitlab' | 'github';
  readonly accounts: readonly Account[];
}): Promise<IdentitySandbox> {
  let url = '';
  const provider = createIdentityProvider({
    kind: setup.kind,
    url: () => url,
    accounts: () => setup.accounts,
  });
  const server = await listenOnLoopback((request, response) => {
    provider.serve(request, response, request.url ?? '/').then(
      (served) => (served ? undefined : response.writeHead(404).end()),
      () => response.destroy(),
    );
  });
  url = server.url;
  return { ...provider, url, close: () => server.close() };
}

function isOurs(path: string): boolean {
  return /^\/(?:\.well-known\/openid-configuration$|oauth\/|login\/oauth\/|api\/v3\/)/.test(path);
}
