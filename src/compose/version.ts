import { readFileSync } from 'node:fs';

/** The version in package.json, which is two folders up both from the sources and from what is built of them. */
export function readVersion(): string {
  const about: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof about === 'object' && about !== null && 'version' in about
    ? String(about.version)
    : 'unknown';
}
