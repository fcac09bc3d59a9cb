import { createHash } from 'node:crypto';

import type { Digest } from '../../../domain/model.ts';
import type { Copied } from '../../../ports/model-store.ts';

/** Takes the parts of a file in their order and says what they are. */
export interface Proof {
  add(part: Buffer): void;
  /** At the end: the difference from what was wanted in words, undefined where there is none. */
  finish(): { readonly copied: Copied; readonly difference: string | undefined };
}

/** Proves one file: its sha256 is always made, its md5 only where that is what was wanted. */
export function createProof(wanted: Digest): Proof {
  const sha256 = createHash('sha256');
  const md5 = wanted.algorithm === 'md5' ? createHash('md5') : undefined;
  let size = 0;
  return {
    add(part) {
      size += part.length;
      sha256.update(part);
      md5?.update(part);
    },
    finish() {
      const copied = { size, sha256: sha256.digest('hex') };
      const value = md5?.digest('hex') ?? copied.sha256;
      const difference =
        value === wanted.value ? undefined : `its ${wanted.algorithm} is ${value}, not ${wanted.value}`;
      return { copied, difference };
    },
  };
}

/** How two sizes differ, in words; undefined: they do not, or nobody said the one that is wanted. */
export function sizeDifference(size: number, wanted: number | undefined): string | undefined {
  return wanted === undefined || size === wanted ? undefined : `it has ${size} bytes, not ${wanted}`;
}
