import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An RSA key that signs JWTs. */
export interface Signer {
  /** The public half, as a JWKS has it. */
  jwk(): Readonly<Record<string, unknown>>;
  sign(claims: Readonly<Record<string, unknown>>): string;
}

/** A new key, made when it is first needed: it takes some 50 ms. */
export function createSigner(kid: string): Signer {
  let made: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  const keys = (): NonNullable<typeof made> => (made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    jwk: () => ({ ...keys().publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }),
    sign(claims) {
      const text = `${encode({ typ: 'JWT', alg: 'RS256', kid })}.${encode(claims)}`;
      return `${text}.${createSign('RSA-SHA256').update(text).sign(keys().privateKey, 'base64url')}`;
    },
  };
}
