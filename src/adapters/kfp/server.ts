import { z } from 'zod';
import { pathOf } from './find-named.ts';
import { answerOf, readAnswer, type Line } from './send.ts';

/** What a server says of itself (specs kubeflow-kserve 3.5). Fields with empty values are left out of answers. */
const Health = z.object({ multi_user: z.boolean().nullish() });

/** A server may be upgraded, or be given profiles, while we run. */
const knownForMs = 5 * 60 * 1000;

/** The namespace to name in requests, which a server without profiles refuses. Asked once in five minutes. */
export function createNamespaceOf(line: Line): (signal: AbortSignal) => Promise<string | undefined> {
  let known: { readonly multiUser: boolean; readonly at: number } | undefined;
  return async (signal) => {
    const now = line.deps.clock.now().getTime();
    if (known === undefined || Math.abs(now - known.at) >= knownForMs) {
      const json = answerOf(await line.ask({ method: 'GET', path: pathOf('healthz') }, signal));
      known = { multiUser: readAnswer(line, Health, json, 'itself').multi_user === true, at: now };
    }
    return known.multiUser ? line.config.namespace : undefined;
  };
}
