import type { FastifyRequest } from 'fastify';

/** Cookies of one origin: nobody else may read or set them, scripts included. */
export interface Cookies {
  /** The name that the browser knows; `__Host-` keeps other hosts of the domain from setting it. */
  nameOf(plain: string): string;
  /** The value of `Set-Cookie`; without `seconds` the browser forgets it when it ends. */
  set(plain: string, value: string, seconds?: number): string;
  /** The value of `Set-Cookie` that removes it. */
  clear(plain: string): string;
  /** What the request brings, by plain name. */
  read(request: FastifyRequest): ReadonlyMap<string, string>;
}

/** `secure`: browsers come by https. Without it, on this machine alone, a cookie can have neither prefix nor `Secure`. */
export function createCookies({ secure }: { readonly secure: boolean }): Cookies {
  const prefix = secure ? '__Host-' : '';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  const nameOf = (plain: string): string => `${prefix}${plain}`;
  return {
    nameOf,
    set: (plain, value, seconds) =>
      `${nameOf(plain)}=${value}; ${attributes}${seconds === undefined ? '' : `; Max-Age=${seconds}`}`,
    clear: (plain) => `${nameOf(plain)}=; ${attributes}; Max-Age=0`,
    read({ headers }) {
      const found = new Map<string, string>();
      for (const pair of (headers.cookie ?? '').split(';')) {
        const [name = '', ...value] = pair.trim().split('=');
        const plain = name.startsWith(prefix) ? name.slice(prefix.length) : '';
        // The first one counts: browsers send the more specific path first, and ours is the only path.
        if (plain !== '' && !found.has(plain)) found.set(plain, value.join('='));
      }
      return found;
    },
  };
}
