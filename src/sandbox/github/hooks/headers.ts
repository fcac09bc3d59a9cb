import { createHmac } from 'node:crypto';
import type { Hook } from '../state.ts';
import type { World } from '../world.ts';

/** What a delivery says of itself. */
export interface DeliveryKind {
  readonly guid: string;
  readonly event: string;
}

/** All headers of a delivery (specs git-hosts 2.1), lower-case. */
export function deliveryHeaders(
  world: World,
  hook: Hook,
  kind: DeliveryKind,
  body: string,
): Record<string, string> {
  const type = hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers: Record<string, string> = {
    accept: '*/*',
    'content-type': type,
    'user-agent': 'GitHub-Hookshot/5a3c1f0',
    'x-github-delivery': kind.guid,
    'x-github-event': kind.event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-id': String(hook.target.id),
    'x-github-hook-installation-target-type': hook.target.type,
  };
  if (world.enterprise !== undefined) {
    headers['x-github-enterprise-host'] = new URL(world.url).host;
    headers['x-github-enterprise-version'] = world.enterprise;
  }
  if (hook.secret !== undefined) {
    headers['x-hub-signature'] = `sha1=${hmac('sha1', hook.secret, body)}`;
    headers['x-hub-signature-256'] = `sha256=${hmac('sha256', hook.secret, body)}`;
  }
  return headers;
}

function hmac(algorithm: string, secret: string, body: string): string {
  return createHmac(algorithm, secret).update(body).digest('hex');
}
