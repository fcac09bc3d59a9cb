import { createHash } from 'node:crypto';

/** Bytes of each of the small files. */
export const smallBytes = 4096;

/** The bytes of a file: the same ones for the same key. */
export function contentOf(size: number, key: string): Buffer {
  return Buffer.alloc(size, createHash('sha512').update(key).digest());
}
