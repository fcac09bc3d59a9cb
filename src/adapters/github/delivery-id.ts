import { createHash } from 'node:crypto';
import { readHeader } from '../../net/read-header.ts';
import type { Delivery } from '../../ports/host.ts';

const idForm = /^[\w-]{1,128}$/;

/** The id under which a delivery is remembered: its GUID, the same for a redelivery (specs git-hosts 2.1). */
export function readDeliveryId({ headers, body }: Delivery): string {
  const id = readHeader(headers, 'x-github-delivery');
  return id !== undefined && idForm.test(id) ? id : createHash('sha256').update(body).digest('hex');
}
