import { isIP } from 'node:net';
import type { Kind } from './kinds.ts';

/** `10.0.0.5`, `10.1.0.0/28`: where requests come from. */
export const network: Kind<string> = {
  expected: 'an IP address, or a network such as 10.1.0.0/28',
  json: { type: 'string', minLength: 2 },
  why(written) {
    if (/\/0+$/.test(written)) return 'is everybody';
    const meant = isNetwork(written) ? networkAround(written) : undefined;
    return meant && `is an address in the network ${meant}, written with the size of that network`;
  },
  parse: (written) => (isNetwork(written) && networkAround(written) === undefined ? written : undefined),
};

function isNetwork(written: string): boolean {
  const [address = '', prefix, ...rest] = written.split('/');
  if (rest.length > 0 || isIP(address) === 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= sizeOf(address));
}

/** `10.0.0.0/8` of `10.0.0.5/8`, which could mean one machine or sixteen million; undefined: nothing is ambiguous. */
function networkAround(written: string): string | undefined {
  const [address = '', prefix] = written.split('/');
  if (prefix === undefined) return undefined;
  const hostBits = BigInt(sizeOf(address) - Number(prefix));
  const bits = bitsOf(address);
  const masked = (bits >> hostBits) << hostBits;
  return masked === bits ? undefined : `${addressOf(masked, sizeOf(address))}/${prefix}`;
}

function sizeOf(address: string): 32 | 128 {
  return isIP(address) === 4 ? 32 : 128;
}

function bitsOf(address: string): bigint {
  if (isIP(address) === 4) return joined(address.split('.').map(BigInt), 8n);
  const [head = [], tail = []] = canonical(address)
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const middle = Array<string>(8 - head.length - tail.length).fill('0');
  return joined(
    [...head, ...middle, ...tail].map((group) => BigInt(`0x${group}`)),
    16n,
  );
}

function joined(parts: readonly bigint[], width: bigint): bigint {
  return parts.reduce((bits, part) => (bits << width) | part, 0n);
}

function addressOf(bits: bigint, size: 32 | 128): string {
  const [count, width] = size === 32 ? [4, 8n] : [8, 16n];
  const parts = Array.from({ length: count }, (_, index) =>
    BigInt.asUintN(Number(width), bits >> (width * BigInt(count - 1 - index))),
  );
  return size === 32 ? parts.join('.') : canonical(parts.map((part) => part.toString(16)).join(':'));
}

/** Lower case, without leading zeros, dots and a zone. */
function canonical(address: string): string {
  return new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
}
