import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { answerOf } from '../../support/sign-in-browser.ts';

/** As much of a browser as signing in needs: it keeps cookies and says where a form comes from. */
export interface Browser {
  readonly cookies: Map<string, string>;
  /** Opens an address; redirects are not followed. */
  open(url: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  /** Sends a form of one of our pages; a header that is empty is left out. */
  send(url: string, headers?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  /** From `/sign-in/<host>` to the answer to the host's callback. */
  signIn(host: string, user: string, to?: string): Promise<LightMyRequestResponse>;
}

export function createBrowser(app: FastifyInstance, publicUrl: string): Browser {
  const cookies = new Map<string, string>();
  const { host, origin } = new URL(publicUrl);

  async function ask(method: 'GET' | 'POST', url: string, headers: Readonly<Record<string, string>>) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = Object.entries(headers).filter(([, value]) => value !== '');
    const response = await app.inject({
      method,
      url,
      headers: {
        host,
        accept: 'text/html,*/*;q=0.8',
        ...(cookie && { cookie }),
        ...Object.fromEntries(sent),
      },
      ...(method === 'POST' && { payload: '' }),
    });
    for (const line of [response.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0(?:;|$)/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  return {
    cookies,
    open: (url, headers = {}) => ask('GET', url, headers),
    send: (url, headers = {}) =>
      ask('POST', url, {
        origin,
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
        ...headers,
      }),
    async signIn(host, user, to) {
      const begun = await ask(
        'GET',
        `/sign-in/${host}${to === undefined ? '' : `?to=${encodeURIComponent(to)}`}`,
        {},
      );
      const { pathname, search } = await answerOf(String(begun.headers.location), user);
      return ask('GET', `${pathname}${search}`, {});
    },
  };
}
