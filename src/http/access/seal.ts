import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a browser carries for us between the two halves of a sign-in. */
export interface SealedSignIn {
  /** What the identity wants back. */
  readonly kept: string;
  /** Where the person wanted to go. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Encrypts and authenticates it under a key made of the application's secret, which every server process has, so that
 * strangers who begin to sign in and go away leave nothing behind here.
 */
export function seal(content: SealedSignIn, host: string, secret: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(host));
  const body = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

/** The content, or undefined when it was not sealed here for this host, or is too old. */
export function unseal(text: string, host: string, secret: string, now: Date): SealedSignIn | undefined {
  try {
    const bytes = Buffer.from(text, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12), {
      authTagLength: 16,
    })
      .setAAD(Buffer.from(host))
      .setAuthTag(bytes.subarray(12, 28));
    const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
    const content: SealedSignIn = JSON.parse(plain.toString('utf8'));
    return content.until > now.getTime() ? content : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'modelgate sign-in', 32));
}
