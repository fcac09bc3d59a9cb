import type { Configuration } from 'openid-client';
import { RetryableError } from '../../errors.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Identity, Person } from '../../ports/identity.ts';
import { explainOidc } from './explain-oidc.ts';
import { createFetch } from './fetch-through.ts';
import { checkState, readKept, stale } from './kept.ts';

/** An application that is registered on a host. */
export interface IdentityConfig {
  /** The host's id in the server's configuration. */
  readonly host: string;
  /** With its relative path, where it has one. */
  readonly url: string;
  readonly clientId: string;
  /** Asked at each request, so that a rotated one is picked up. */
  readonly clientSecret: Secret;
  readonly tls: TlsSettings;
}

/** What signing in needs of the world. */
export interface IdentityDeps {
  readonly dispatchers: Dispatchers;
  readonly clock: Clock;
}

/** How long the host's description of itself is taken for true. */
const describedMs = 60 * 60 * 1000;

/** GitLab's OpenID Connect: authorization code with PKCE, state and nonce; who it is from the ID token and `userinfo`. */
export function createGitlabIdentity(config: IdentityConfig, deps: IdentityDeps): Identity {
  const name = `GitLab ${config.host}`;
  const explained = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (thrown) {
      throw explainOidc(thrown, name);
    }
  };
  const discover = createDiscovery(config, deps, name);

  return {
    begin: (redirectUri) =>
      explained(async () => {
        const oidc = await import('openid-client');
        const described = await discover();
        const kept = {
          state: oidc.randomState(),
          nonce: oidc.randomNonce(),
          verifier: oidc.randomPKCECodeVerifier(),
          redirectUri,
        };
        const url = oidc.buildAuthorizationUrl(described, {
          redirect_uri: redirectUri,
          scope: 'openid profile',
          state: kept.state,
          nonce: kept.nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
          code_challenge_method: 'S256',
        });
        return { url: url.href, kept: JSON.stringify(kept) };
      }),
    finish: (callback, keptText) =>
      explained(async () => {
        const kept = readKept(keptText);
        if (kept.nonce === undefined) throw stale('the sign-in was begun in another way');
        checkState(callback, kept, name);
        const oidc = await import('openid-client');
        const described = await discover();
        const tokens = await oidc.authorizationCodeGrant(described, comeBack(kept.redirectUri, callback), {
          expectedState: kept.state,
          expectedNonce: kept.nonce,
          pkceCodeVerifier: kept.verifier,
          idTokenExpected: true,
        });
        const subject = tokens.claims()?.sub ?? '';
        const profile = await oidc.fetchUserInfo(described, tokens.access_token, subject);
        // It has told what we wanted to know; that it could not be taken back changes nothing for the person.
        await oidc.tokenRevocation(described, tokens.access_token).catch(() => undefined);
        return personOf(config.host, subject, profile);
      }),
  };
}

/** The address that the host knows, with what it added: proxies rewrite host and scheme of what we are asked by. */
function comeBack(redirectUri: string, callback: URL): URL {
  const url = new URL(redirectUri);
  url.search = callback.search;
  return url;
}

function personOf(host: string, subject: string, profile: { readonly [claim: string]: unknown }): Person {
  const text = (claim: string): string => {
    const value = profile[claim];
    return typeof value === 'string' ? value : '';
  };
  const login = text('preferred_username') || text('nickname');
  if (!/^\d{1,20}$/.test(subject) || login === '')
    throw new RetryableError(`GitLab ${host} does not tell the user's id and name`);
  return { host, id: subject, login, name: text('name') };
}

/** Asks the host to describe itself, once an hour. */
function createDiscovery(
  config: IdentityConfig,
  deps: IdentityDeps,
  name: string,
): () => Promise<Configuration> {
  const { url, clientId, clientSecret, tls } = config;
  let known: { readonly described: Promise<Configuration>; readonly until: number } | undefined;

  async function describe(): Promise<Configuration> {
    const oidc = await import('openid-client');
    const { protocol } = new URL(url);
    return oidc.discovery(
      new URL(url),
      clientId,
      undefined,
      // In the body: GitLab takes what is in a header literally, and does not undo the escapes that OAuth wants there.
      (server, client, body, headers) => oidc.ClientSecretPost(clientSecret())(server, client, body, headers),
      {
        [oidc.customFetch]: createFetch({ host: name, dispatchers: deps.dispatchers, tls }),
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
        timeout: 10,
      },
    );
  }

  return () => {
    const now = deps.clock.now().getTime();
    if (known !== undefined && known.until > now) return known.described;
    const described = describe();
    known = { described, until: now + describedMs };
    described.catch(() => (known = undefined));
    return described;
  };
}
