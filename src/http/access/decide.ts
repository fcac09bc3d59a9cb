import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Secret } from '../../domain/secret.ts';
import { isLoopbackName } from './origin.ts';

/** Who may read the pages. Secrets are asked for at each request, so that they can be rotated. */
export interface PageAccess {
  /** As `Authorization: Bearer …`, and, for browsers, as the password of any user. */
  readonly token?: Secret | undefined;
  readonly basic?: { readonly user: string; readonly password: Secret } | undefined;
  /** Whether the server listens on the loopback interface alone: then, without credentials, the pages are open. */
  readonly loopback: boolean;
  /** How people reach the server; actions are taken from pages of this address, or of the one that was asked. */
  readonly publicUrl?: string | undefined;
}

/**
 * What to do with a request. `hidden`: there are no pages here, because nobody configured who may read them. `indirect`:
 * the same, for all but a browser on this machine that asks by a loopback name.
 */
export type AccessDecision = 'granted' | 'denied' | 'hidden' | 'indirect';

/** Decides on a request, in constant time for what is secret. */
export function decideAccess(access: PageAccess, request: FastifyRequest): AccessDecision {
  const { token, basic } = access;
  if (token === undefined && basic === undefined) {
    if (!access.loopback) return 'hidden';
    return isDirect(request) ? 'granted' : 'indirect';
  }
  const expected = token?.();
  const header = request.headers.authorization ?? '';
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(basicOf(header)) ?? [];
  const granted = [
    expected !== undefined && sameSecret(header, `Bearer ${expected}`),
    expected !== undefined && sameSecret(password, expected),
    basic !== undefined && sameSecret(`${user}:${password}`, `${basic.user}:${basic.password()}`),
  ];
  return granted.includes(true) ? 'granted' : 'denied';
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares hashes, so that neither the length nor the first difference shows in the time. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(hash(given), hash(expected));
}

/**
 * Whether a browser on this machine asked us by a loopback name. A proxy in front serves others than this machine, and
 * a page from elsewhere can point its own name at the loopback address.
 */
function isDirect({ headers, hostname }: FastifyRequest): boolean {
  if (['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined))
    return false;
  return isLoopbackName(hostname);
}

function basicOf(header: string): string {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header) ?? [];
  return encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
}
