import { createHmac, randomUUID } from 'node:crypto';
import type { Hook } from '../state.ts';
import { isAtLeast, type World } from '../world.ts';

/** What identifies a delivery: `key` stays the same when it is sent again, `chain` names the chain of events. */
export interface DeliveryIds {
  readonly key: string;
  readonly chain: string;
}

/** All headers of a delivery (specs git-hosts 1.1), lower-case. */
export function deliveryHeaders(
  world: World,
  hook: Hook,
  trigger: string,
  ids: DeliveryIds,
  body: string,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': `GitLab/${world.version}`,
    'x-gitlab-event': trigger,
    'x-gitlab-instance': world.url,
    'x-gitlab-webhook-uuid': randomUUID(),
    'x-gitlab-event-uuid': ids.chain,
  };
  if (hook.secretToken !== undefined) headers['x-gitlab-token'] = hook.secretToken;
  if (isAtLeast(world, '17.4')) headers['idempotency-key'] = ids.key;
  if (isAtLeast(world, '19.0')) {
    const timestamp = String(Math.floor(world.now().getTime() / 1000));
    headers['webhook-id'] = ids.key;
    headers['webhook-timestamp'] = timestamp;
    if (hook.signingToken !== undefined) {
      headers['webhook-signature'] = signatureOf(hook.signingToken, { id: ids.key, timestamp, body });
    }
  }
  return headers;
}

/** The Standard Webhooks signature: `v1,` and the HMAC-SHA256 of `id.timestamp.body` (specs git-hosts 1.2). */
export function signatureOf(
  signingToken: string,
  message: { readonly id: string; readonly timestamp: string; readonly body: string },
): string {
  const key = Buffer.from(signingToken.replace(/^whsec_/, ''), 'base64');
  const hmac = createHmac('sha256', key).update(`${message.id}.${message.timestamp}.${message.body}`);
  return `v1,${hmac.digest('base64')}`;
}
