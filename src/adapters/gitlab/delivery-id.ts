import { createHash } from 'node:crypto';
import type { Delivery } from '../../ports/host.ts';
import { readHeader } from '../../net/read-header.ts';

const idForm = /^[\w-]{1,128}$/;

/**
 * The id under which a delivery is remembered, the same for a resent one: webhook-id (19.0), Idempotency-Key (17.4), or
 * a digest of what was sent where the instance is older (specs git-hosts 1.1).
 */
export function readDeliveryId(delivery: Delivery, projectId: () => number | undefined): string {
  for (const name of ['webhook-id', 'idempotency-key']) {
    const id = readHeader(delivery.headers, name);
    if (id !== undefined && idForm.test(id)) return id;
  }
  return createHash('sha256')
    .update(`${readHeader(delivery.headers, 'x-gitlab-event') ?? ''}\n${projectId() ?? ''}\n`)
    .update(delivery.body)
    .digest('hex');
}
