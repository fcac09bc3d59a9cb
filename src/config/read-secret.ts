import { shortestSecret, type Secret } from '../domain/secret.ts';
import { expand } from './expand.ts';
import { shapeOf, type Read } from './read-value.ts';
import type { Readers } from './readers.ts';

/** How a secret may be given. */
export const secretForm = /^(?:\$\{[A-Za-z_]\w*\}|file:\/(?:\/\/)?[^/\s].*)$/;

/** The secret, or what is wrong with the way it is given. The text itself is never repeated. */
export function readSecret(written: unknown, readers: Readers): Secret | string {
  const how = 'expected ${NAME} or file:/path, for example file:/run/secrets/name';
  if (written === undefined) return `is missing; ${how}`;
  if (typeof written !== 'string' || !secretForm.test(written)) {
    return `is not written here, because files are shared and kept; ${how}`;
  }
  const filled = written.startsWith('file:')
    ? { kind: 'text' as const, text: written }
    : expand(written, readers.env);
  if (filled.kind === 'wrong') return `${filled.message}; ${how}`;
  if (filled.text.startsWith('file:/')) return readers.fileSecret(filled.text.replace(/^file:(?:\/\/)?/, ''));
  const value = filled.text.trim();
  if (value.length < shortestSecret) {
    return `is too short: ${value.length} characters; expected ${shortestSecret} or more`;
  }
  readers.addSecret(value);
  return () => value;
}

/** The text of a file of certificates, or what is wrong with the file. */
export function readCertificates(written: unknown, readers: Readers): Read<string> {
  const expected = 'expected the path of a file with PEM certificates, for example /etc/ssl/corp-ca.pem';
  const filled = typeof written === 'string' ? expand(written, readers.env) : undefined;
  if (filled === undefined) return { kind: 'wrong', message: `is ${shapeOf(written)}; ${expected}` };
  if (filled.kind === 'wrong') return { kind: 'wrong', message: `${filled.message}; ${expected}` };
  const pem = tryRead(filled.text, readers);
  if (pem === undefined) return { kind: 'wrong', message: `names a file that cannot be read; ${expected}` };
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    return { kind: 'wrong', message: `names a file without a PEM certificate; ${expected}` };
  }
  return { kind: 'value', value: pem };
}

function tryRead(file: string, readers: Readers): string | undefined {
  try {
    return readers.readFile(file);
  } catch {
    return undefined;
  }
}
