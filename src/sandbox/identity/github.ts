import { bearerOf, json, type Answer, type Asking } from './answer.ts';
import { authorize } from './authorize.ts';
import type { ProviderSetup } from './gitlab.ts';

/** GitHub's web flow of OAuth 2.0, with the two API requests around it; the API is below `/api/v3`. */
export function createGithubProvider({
  grants,
  accounts,
}: ProviderSetup): (asking: Asking) => Answer | undefined {
  return (asking) => {
    const { method, path } = asking;
    if (method === 'POST' && path === '/login/oauth/access_token') return token(asking);
    if (method === 'GET' && path === '/api/v3/user') return user(asking);
    const application = /^\/api\/v3\/applications\/([^/]+)\/token$/.exec(path)?.[1];
    if (method === 'DELETE' && application !== undefined)
      return remove(asking, decodeURIComponent(application));
    return authorize(asking, '/login/oauth/authorize', { grants, accounts });
  };

  /** What is wrong is said with 200. Without asking for JSON one would get a form. */
  function token({ headers, body }: Asking): Answer {
    const form = new URLSearchParams(body);
    const granted = grants.exchange(form);
    const wrong = {
      invalid_client: [
        'incorrect_client_credentials',
        'The client_id and/or client_secret passed are incorrect.',
      ],
      invalid_grant: ['bad_verification_code', 'The code passed is incorrect or expired.'],
      redirect_mismatch: [
        'redirect_uri_mismatch',
        'The redirect_uri MUST match the registered callback URL.',
      ],
    } as const;
    const answer =
      typeof granted === 'string'
        ? { error: wrong[granted][0], error_description: wrong[granted][1] }
        : { access_token: granted.token, token_type: 'bearer', scope: '' };
    if (headers['accept'] === 'application/json') return json(200, answer);
    const headersOfForm = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return {
      status: 200,
      headers: headersOfForm,
      body: new URLSearchParams(Object.entries(answer)).toString(),
    };
  }

  function user(asking: Asking): Answer {
    const account = grants.ownerOf(bearerOf(asking));
    if (account === undefined) return json(401, { message: 'Bad credentials' });
    return json(200, { login: account.login, id: account.id, name: account.name, type: 'User' });
  }

  function remove({ headers, body }: Asking, clientId: string): Answer {
    const basic = /^Basic (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const client = grants.clients.find(({ id }) => id === clientId);
    const shown = Buffer.from(basic, 'base64').toString('utf8');
    if (client === undefined || shown !== `${client.id}:${client.secret}`)
      return json(401, { message: 'Bad credentials' });
    const sent: { readonly access_token?: string } = JSON.parse(body);
    return grants.revoke(sent.access_token ?? '')
      ? { status: 204, headers: {}, body: '' }
      : json(404, { message: 'Not Found' });
  }
}
