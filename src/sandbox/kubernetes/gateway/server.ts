import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type Faults } from '../../faults.ts';
import { headerRecord, readBody } from '../../loopback.ts';
import { createRecent } from '../../recent.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Store } from '../api/store.ts';
import type { Controller } from '../kserve/controller.ts';
import { answerProtocol } from './protocol.ts';
import { backendsOf, destinationOf, pickBackend, type Addressing } from './route.ts';

/** A request to a served model. */
export interface PredictionRequest {
  readonly method: string;
  readonly host: string;
  /** As it came, without the query. */
  readonly path: string;
  readonly body: unknown;
}

/** A request to a served model after it was answered, and by which revision or ReplicaSet. */
export interface AnsweredPrediction extends PredictionRequest {
  readonly namespace: string;
  readonly name: string;
  readonly revision: string;
  /** 0 where no answer was sent. */
  readonly status: number;
}

/** What can go wrong with a prediction. */
export type PredictionFault =
  | { readonly kind: 'status'; readonly status: number; readonly body?: Json }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** What the gateway needs. */
export interface GatewayDeps {
  readonly store: Store;
  readonly controller: Controller;
  readonly addressing: Addressing;
  readonly domain: string;
  readonly alone: <T>(task: () => T) => Promise<T>;
}

/** The ingress gateway with the model servers behind it. */
export interface Gateway {
  serve(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly faults: Faults<PredictionRequest, PredictionFault>;
  readonly predictions: readonly AnsweredPrediction[];
  forget(): void;
}

interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly namespace?: string;
  readonly name?: string;
  readonly revision?: string;
}

/** Has answered nothing at first. */
export function createGateway(deps: GatewayDeps): Gateway {
  const faults = createFaults<PredictionRequest, PredictionFault>();
  const seen = createRecent<AnsweredPrediction>(5_000);
  let turn = 0;
  return { serve, faults, predictions: seen.entries, forget: () => seen.clear() };

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = headerRecord(incoming);
    const bytes = await readBody(incoming, 8 * 1024 * 1024);
    const path = new URL(incoming.url ?? '/', 'http://localhost').pathname;
    const body = parsed(bytes);
    const request = { method: incoming.method ?? 'GET', host: headers['host'] ?? '', path, body };
    const fault = faults.take(request);
    if (fault?.kind === 'hang' || fault?.kind === 'drop') {
      record(request, { status: 0, body: null });
      if (fault.kind === 'drop') response.destroy();
      return;
    }
    const reply =
      fault?.kind === 'status'
        ? { status: fault.status, body: fault.body ?? { error: 'sandbox' } }
        : await route(request);
    record(request, reply);
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  }

  /** No route: 404, from the gateway. A route without a ready pod: 503. */
  async function route(request: PredictionRequest): Promise<Reply> {
    const destination = destinationOf(deps.addressing, deps.domain, request);
    if (destination === undefined) return { status: 404, body: '' };
    const { namespace, name } = destination;
    const found = await deps.alone(() => {
      const service = deps.controller.service(namespace, name);
      if (service === undefined || service.latestReady === undefined) return 'no-route' as const;
      turn += 1;
      return pickBackend(backendsOf(deps.store, service), turn);
    });
    if (found === 'no-route') return { status: 404, body: '', namespace, name };
    if (found?.predict === undefined) return { status: 503, body: 'no healthy upstream', namespace, name };
    const body = isObject(request.body) ? request.body : undefined;
    const served = { method: request.method, path: destination.path, body };
    const answer = await answerProtocol(served, name, found.predict);
    return { ...answer, namespace, name, revision: found.name };
  }

  function record(request: PredictionRequest, { status, namespace, name, revision }: Reply): void {
    const who = { namespace: namespace ?? '', name: name ?? '', revision: revision ?? '' };
    seen.add({ ...request, ...who, status });
  }
}

function parsed(bytes: Buffer | undefined): JsonObject | string | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString();
  }
}
