import type { Delivery } from '../../ports/host.ts';

/** One header as text, undefined when it was not sent; a repeated header is joined, so that it matches nothing. */
export function readHeader(delivery: Delivery, name: string): string | undefined {
  const value = delivery.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
