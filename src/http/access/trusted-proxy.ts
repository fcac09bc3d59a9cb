import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** A proxy that names the person who asks. */
export interface TrustedProxy {
  /** Lower-case. */
  readonly header: string;
  /** The host whose user names these are. */
  readonly host: string;
  /** Addresses and networks that requests of the proxy come from. */
  readonly trusted: readonly string[];
}

/** Who a request says it is from. `stranger`: the header came from elsewhere, and is not looked at. */
export type ProxyWord =
  | { readonly kind: 'named'; readonly login: string }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'stranger'; readonly address: string };

/** Reads the header where the connection itself comes from the proxy; what is forwarded for whom is not believed. */
export function createProxyReader({ header, trusted }: TrustedProxy): (request: FastifyRequest) => ProxyWord {
  const addresses = new BlockList();
  for (const entry of trusted) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) addresses.addAddress(address, family);
    else addresses.addSubnet(address, Number(prefix), family);
  }

  return ({ headers, socket }) => {
    const value = headers[header];
    if (value === undefined || value === '') return { kind: 'nobody' };
    const [address = ''] = (socket.remoteAddress ?? '').split('%');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0 || !addresses.check(address, family)) return { kind: 'stranger', address };
    // Two of the header are one with a comma, which no user name has.
    return typeof value === 'string' && /^[\w.-]{1,255}$/.test(value)
      ? { kind: 'named', login: value }
      : { kind: 'unreadable' };
  };
}
