import { createPrivateKey } from 'node:crypto';
import type { Settings } from './config.ts';
import type { ConfigProblem } from './problems.ts';

/** A problem for each key of a GitHub App that can be read and is no key. What stands there instead is never quoted. */
export function checkAppKeys({ hosts }: Settings): readonly ConfigProblem[] {
  return hosts.flatMap((host, index): readonly ConfigProblem[] => {
    if (host.kind !== 'github' || host.app === undefined) return [];
    const pem = readable(host.app.privateKey);
    if (pem === undefined || isPrivateKey(pem)) return [];
    const message =
      'is no private key in PEM; expected the whole file that GitHub gave you, from its BEGIN line to its END line';
    return [{ path: ['hosts', index, 'app', 'privateKey'], on: 'value', message }];
  });
}

/** undefined: that it cannot be read is a problem of its own. */
function readable(secret: () => string): string | undefined {
  try {
    return secret();
  } catch {
    return undefined;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}
