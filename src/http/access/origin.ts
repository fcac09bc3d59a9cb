import type { FastifyRequest } from 'fastify';

/** Whether only browsers on this machine can mean us by this name. */
export function isLoopbackName(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname);
}

/** Our origin as browsers see it: the public address; on this machine whichever of its names the browser uses. */
export function publicOrigin(publicUrl: string, request: FastifyRequest): string {
  const { protocol, hostname, origin } = new URL(publicUrl);
  return isLoopbackName(hostname) && isLoopbackName(request.hostname)
    ? `${protocol}//${request.host}`
    : origin;
}

/**
 * Whether a browser says that a page of one of these origins sent the form: another site's page cannot say so. Browsers
 * send `Origin` with every POST; `Sec-Fetch-Site` comes with newer ones.
 */
export function isSentFrom(origins: readonly string[], { headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return headers.origin !== undefined && origins.includes(headers.origin);
}
