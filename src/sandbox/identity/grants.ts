import { createHash, randomBytes } from 'node:crypto';

/** Somebody who can sign in. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly name: string;
}

/** A registered application. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
}

/** What an authorisation request asked for, once it was found right. */
export interface Asked {
  readonly client: Client;
  readonly redirectUri: string;
  readonly state: string;
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly challenge: string;
}

/** A code that was exchanged. */
export interface Granted {
  readonly asked: Asked;
  readonly account: Account;
  readonly token: string;
}

/** Codes and tokens of one provider. */
export interface Grants {
  readonly clients: Client[];
  /** The request of an authorisation page, or the error that the page shows. */
  read(query: URLSearchParams): Asked | string;
  /** A code for the account; it lives for ten minutes and is good for one exchange. */
  grant(asked: Asked, account: Account): string;
  /** Exchanges a code, or names OAuth's error. A code that comes twice takes its token back. */
  exchange(body: URLSearchParams): Granted | 'invalid_client' | 'invalid_grant' | 'redirect_mismatch';
  /** Whose token it is. */
  ownerOf(token: string): Account | undefined;
  /** Whether there was such a token. */
  revoke(token: string): boolean;
  /** Tokens that are good now. */
  readonly tokens: ReadonlyMap<string, Account>;
}

const codeMs = 10 * 60 * 1000;

/** `now` in milliseconds. */
export function createGrants(now: () => number): Grants {
  const clients: Client[] = [];
  const codes = new Map<
    string,
    { readonly asked: Asked; readonly account: Account; readonly until: number }
  >();
  const used = new Map<string, string>();
  const tokens = new Map<string, Account>();

  return {
    clients,
    tokens,
    read(query) {
      const given = (name: string): string => query.get(name) ?? '';
      const client = clients.find(({ id }) => id === given('client_id'));
      if (client === undefined) return 'The client is unknown.';
      if (!client.redirectUris.includes(given('redirect_uri'))) return 'The redirect URI is not registered.';
      if (given('code_challenge_method') !== 'S256' || given('code_challenge').length !== 43)
        return 'The request has no PKCE challenge.';
      if (given('state').length < 16) return 'The request has no state.';
      return {
        client,
        redirectUri: given('redirect_uri'),
        state: given('state'),
        scope: given('scope'),
        nonce: query.get('nonce') ?? undefined,
        challenge: given('code_challenge'),
      };
    },
    grant(asked, account) {
      const code = randomBytes(24).toString('base64url');
      codes.set(code, { asked, account, until: now() + codeMs });
      return code;
    },
    exchange(body) {
      const given = (name: string): string => body.get(name) ?? '';
      const client = clients.find(({ id }) => id === given('client_id'));
      if (client === undefined || client.secret !== given('client_secret')) return 'invalid_client';
      const code = given('code');
      const earlier = used.get(code);
      if (earlier !== undefined) tokens.delete(earlier);
      const found = codes.get(code);
      codes.delete(code);
      if (found === undefined || found.until < now() || found.asked.client !== client) return 'invalid_grant';
      if (found.asked.redirectUri !== given('redirect_uri')) return 'redirect_mismatch';
      const challenge = createHash('sha256').update(given('code_verifier')).digest('base64url');
      if (challenge !== found.asked.challenge) return 'invalid_grant';
      const token = randomBytes(24).toString('hex');
      tokens.set(token, found.account);
      used.set(code, token);
      return { asked: found.asked, account: found.account, token };
    },
    ownerOf: (token) => tokens.get(token),
    revoke: (token) => tokens.delete(token),
  };
}
