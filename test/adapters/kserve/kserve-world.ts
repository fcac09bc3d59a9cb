import { createServing } from '../../../src/adapters/kserve/serving.ts';
import type { ClusterConfig, KserveConfig } from '../../../src/adapters/kserve/config.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { Serving } from '../../../src/ports/serving.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { startScriptedServer, type ScriptedAnswer, type SeenRequest } from '../../support/scripted-server.ts';

export const never = new AbortController().signal;

/** An adapter, and what it told of secrets. */
export interface OpenServing {
  readonly serving: Serving;
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** The adapter over a cluster. */
export function openServing(
  cluster: ClusterConfig,
  more: Partial<KserveConfig> & { readonly env?: Readonly<Record<string, string>> } = {},
): OpenServing {
  const { env = {}, ...config } = more;
  const dispatchers = createDispatchers();
  const secrets: string[] = [];
  const serving = createServing(
    {
      environment: 'prod',
      cluster,
      namespace: 'serving',
      services: ['auto-*'],
      serviceAccount: undefined,
      gateway: undefined,
      timeouts: { headersMs: 2000, bodyMs: 2000, totalMs: 5000 },
      ...config,
    },
    {
      dispatchers,
      clock: createHandClock(),
      env,
      addSecret: (value) => {
        secrets.push(value);
        return () => undefined;
      },
    },
  );
  return { serving, secrets, close: () => dispatchers.close() };
}

/** The adapter over a server that gives these answers in order. */
export async function withScript(
  script: readonly ScriptedAnswer[],
  work: (
    world: OpenServing & { readonly seen: readonly SeenRequest[]; readonly url: string },
  ) => Promise<void>,
  more: Partial<KserveConfig> = {},
): Promise<void> {
  const server = await startScriptedServer(script);
  const token = (): string => 'secret-token';
  const open = openServing({ kind: 'given', url: server.url, token, ca: undefined }, more);
  try {
    await work({ ...open, seen: server.seen, url: server.url });
  } finally {
    await open.close();
    await server.close();
  }
}

/** An answer with a JSON body. */
export function json(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer {
  return { status, body: JSON.stringify(body), headers };
}

/** A Status object, as the API server refuses. */
export function failure(code: number, reason: string, message: string, details?: unknown): ScriptedAnswer {
  return json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code },
    code,
  );
}

/** What was thrown. */
export async function thrownBy(asked: Promise<unknown>): Promise<unknown> {
  try {
    await asked;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}
