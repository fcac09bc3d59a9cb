import { bearerOf, json, type Answer, type Asking } from './answer.ts';
import { authorize } from './authorize.ts';
import type { Account, Granted, Grants } from './grants.ts';
import { createSigner } from './sign-jwt.ts';

/** What a test or a demo may change about a provider while it runs. */
export interface IdentityKnobs {
  /** Answers 503 to everything. */
  down: boolean;
  /** What becomes of the ID token's claims before they are signed. */
  claims: (claims: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Signs with a key that is not in the published set. */
  wrongKey: boolean;
}

/** What a provider stands on. `url` is where it is, without a slash at the end. */
export interface ProviderSetup {
  readonly url: () => string;
  readonly grants: Grants;
  readonly accounts: () => readonly Account[];
  readonly knobs: IdentityKnobs;
}

/** GitLab as an OpenID provider: discovery, keys, authorisation code with PKCE, `userinfo`, revocation. */
export function createGitlabProvider(setup: ProviderSetup): (asking: Asking) => Answer | undefined {
  const { url, grants, accounts, knobs } = setup;
  const [signer, stranger] = [createSigner('sandbox'), createSigner('sandbox')];

  return (asking) => {
    switch (`${asking.method} ${asking.path}`) {
      case 'GET /.well-known/openid-configuration':
        return json(200, describe(url()));
      case 'GET /oauth/discovery/keys':
        return json(200, { keys: [signer.jwk()] });
      case 'POST /oauth/token':
        return token(asking);
      case 'GET /oauth/userinfo':
        return userinfo(asking);
      case 'POST /oauth/revoke':
        return revoke(asking);
      default:
        return authorize(asking, '/oauth/authorize', { grants, accounts, needs });
    }
  };

  function needs({
    scope,
    nonce,
  }: {
    readonly scope: string;
    readonly nonce: string | undefined;
  }): string | undefined {
    if (!scope.split(' ').includes('openid')) return 'The requested scope is invalid.';
    return nonce === undefined ? 'The request has no nonce.' : undefined;
  }

  function token(asking: Asking): Answer {
    const body = withClient(asking);
    if (body.get('grant_type') !== 'authorization_code')
      return json(400, { error: 'unsupported_grant_type' });
    const granted = grants.exchange(body);
    if (granted === 'invalid_client')
      return json(401, { error: 'invalid_client', error_description: 'Client authentication failed.' });
    if (typeof granted === 'string')
      return json(400, {
        error: 'invalid_grant',
        error_description: 'The provided authorization grant is invalid.',
      });
    return json(200, {
      access_token: granted.token,
      token_type: 'Bearer',
      expires_in: 7200,
      scope: granted.asked.scope,
      created_at: seconds(),
      id_token: (knobs.wrongKey ? stranger : signer).sign(knobs.claims(claimsOf(granted))),
    });
  }

  /** As GitLab has it, name and user name are in `userinfo` alone. */
  function claimsOf({ asked, account }: Granted): Readonly<Record<string, unknown>> {
    return {
      iss: url(),
      sub: String(account.id),
      aud: asked.client.id,
      exp: seconds() + 120,
      iat: seconds(),
      nonce: asked.nonce,
      auth_time: seconds() - 5,
    };
  }

  function userinfo(asking: Asking): Answer {
    const account = grants.ownerOf(bearerOf(asking));
    if (account === undefined) {
      const refused = json(401, { error: 'invalid_token' });
      return {
        ...refused,
        headers: { ...refused.headers, 'www-authenticate': 'Bearer error="invalid_token"' },
      };
    }
    const { id, name, login } = account;
    return json(200, { sub: String(id), name, nickname: login, preferred_username: login, groups: [] });
  }

  function revoke(asking: Asking): Answer {
    const body = withClient(asking);
    const client = grants.clients.find(({ id }) => id === body.get('client_id'));
    if (client === undefined || client.secret !== body.get('client_secret'))
      return json(403, { error: 'unauthorized_client' });
    grants.revoke(body.get('token') ?? '');
    return json(200, {});
  }
}

/** The form, with the client of the header where it is there. Escapes in it are not undone, as in GitLab. */
function withClient({ headers, body }: Asking): URLSearchParams {
  const form = new URLSearchParams(body);
  const encoded = /^Basic (\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  if (encoded === undefined) return form;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  form.set('client_id', id);
  form.set('client_secret', secret.join(':'));
  return form;
}

function describe(url: string): Readonly<Record<string, unknown>> {
  return {
    issuer: url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    revocation_endpoint: `${url}/oauth/revoke`,
    userinfo_endpoint: `${url}/oauth/userinfo`,
    jwks_uri: `${url}/oauth/discovery/keys`,
    scopes_supported: ['openid', 'profile', 'email'],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'name',
      'nickname',
      'preferred_username',
    ],
    code_challenge_methods_supported: ['plain', 'S256'],
  };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
