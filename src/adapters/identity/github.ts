import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import type { HttpAnswer } from '../../net/request.ts';
import type { Identity, Person } from '../../ports/identity.ts';
import { explainOAuth } from './explain-oidc.ts';
import { askHost } from './fetch-through.ts';
import type { IdentityConfig, IdentityDeps } from './gitlab.ts';
import { checkState, misconfigured, readKept, stale } from './kept.ts';

/** An application on github.com or on an Enterprise Server. */
export interface GithubIdentityConfig extends IdentityConfig {
  /** `https://api.github.com`, `https://github.example.com/api/v3`. */
  readonly apiUrl: string;
}

const Token = z.object({ access_token: z.string().min(1) });
const Trouble = z.object({ error: z.string(), error_description: z.string().optional() });
const User = z.object({ login: z.string().min(1), name: z.string().nullish() });

/** GitHub has no OpenID Connect for people: OAuth 2.0's web flow with PKCE, then the API says whose the token is. */
export function createGithubIdentity(
  config: GithubIdentityConfig,
  { dispatchers }: Pick<IdentityDeps, 'dispatchers'>,
): Identity {
  const { host, clientId, clientSecret, tls } = config;
  const name = `GitHub ${host}`;
  const way = { host: name, dispatchers, tls };
  const page = (path: string): URL => new URL(`${config.url}${path}`);
  const api = (path: string): URL => new URL(`${config.apiUrl}${path}`);

  async function tokenFor(
    code: string,
    kept: { readonly verifier: string; readonly redirectUri: string },
    signal: AbortSignal,
  ) {
    const body = new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret(),
      code,
      redirect_uri: kept.redirectUri,
      code_verifier: kept.verifier,
    }).toString();
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const url = page('/login/oauth/access_token');
    const answer = await askHost(way, { method: 'POST', url, headers, body }, signal);
    const json = jsonOf(answer, name);
    // GitHub says what is wrong with 200.
    const trouble = Trouble.safeParse(json);
    if (trouble.success) throw explainOAuth(trouble.data.error, name, trouble.data.error_description ?? '');
    const token = Token.safeParse(json);
    if (token.success) return token.data.access_token;
    if (answer.status === 404)
      throw misconfigured(
        `${name} knows no application with this client id`,
        'Compare pages.signIn with the application that is registered there.',
      );
    throw new RetryableError(`${name} answered ${answer.status} without a token`);
  }

  async function whose(token: string, signal: AbortSignal): Promise<Person> {
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'user-agent': 'modelgate',
    };
    const answer = await askHost(way, { method: 'GET', url: api('/user'), headers }, signal);
    const user = User.safeParse(jsonOf(answer, name));
    if (answer.status !== 200 || !user.success)
      throw new RetryableError(`${name} answered ${answer.status} and does not tell who the user is`);
    const { login, name: called } = user.data;
    return { host, id: login, login, name: called ?? '' };
  }

  async function takeBack(token: string, signal: AbortSignal): Promise<void> {
    const basic = Buffer.from(`${clientId}:${clientSecret()}`).toString('base64');
    const headers = {
      accept: 'application/vnd.github+json',
      authorization: `Basic ${basic}`,
      'content-type': 'application/json',
      'user-agent': 'modelgate',
    };
    const url = api(`/applications/${encodeURIComponent(clientId)}/token`);
    await askHost(
      way,
      { method: 'DELETE', url, headers, body: JSON.stringify({ access_token: token }) },
      signal,
    );
  }

  return {
    async begin(redirectUri) {
      const [state, verifier] = [
        randomBytes(32).toString('base64url'),
        randomBytes(32).toString('base64url'),
      ];
      const url = page('/login/oauth/authorize');
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString();
      return { url: url.href, kept: JSON.stringify({ state, verifier, redirectUri }) };
    },
    async finish(callback, keptText, signal) {
      const kept = readKept(keptText);
      const given = (key: string): string => callback.searchParams.get(key) ?? '';
      checkState(callback, kept, name);
      if (given('error') !== '') throw explainOAuth(given('error'), name, given('error_description'));
      if (given('code') === '') throw stale(`${name} sent no code`);
      const token = await tokenFor(given('code'), kept, signal);
      const person = await whose(token, signal);
      // It has told what we wanted to know; that it could not be taken back changes nothing for the person.
      await takeBack(token, signal).catch(() => undefined);
      return person;
    },
  };
}

function jsonOf(answer: HttpAnswer, name: string): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    throw new RetryableError(`${name} answered ${answer.status} with something that is no JSON`);
  }
}
