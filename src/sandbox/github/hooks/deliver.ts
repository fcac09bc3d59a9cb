import type { Delivery, Hook } from '../state.ts';
import type { World } from '../world.ts';
import { deliveryHeaders } from './headers.ts';

/** An event on its way to one hook; `body` is JSON. */
export interface Sending {
  readonly guid: string;
  readonly event: string;
  readonly action: string | undefined;
  readonly installationId: number | undefined;
  readonly repositoryId: number | undefined;
  readonly redelivery: boolean;
  readonly body: string;
}

/** How a receiver answered. */
interface Outcome {
  readonly status: string;
  readonly statusCode: number;
  readonly body: string;
}

const maxPayloadBytes = 25 * 1024 * 1024;

/** One request to one hook; never throws for what the receiver does. */
export async function deliver(world: World, hook: Hook, sending: Sending): Promise<Delivery> {
  const { body: json, ...about } = sending;
  // Taken before the request: ids tell the order in which things happened, whenever answers came.
  const id = world.nextId();
  const body = hook.contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString();
  const requestHeaders = deliveryHeaders(world, hook, sending, body);
  const deliveredAt = world.now();
  const started = performance.now();
  const timeout = AbortSignal.timeout(world.knobs.webhookTimeoutMs);
  const outcome = await post(hook.url, requestHeaders, body, {
    timeout,
    any: AbortSignal.any([world.background.stopping, timeout]),
  });
  const delivery: Delivery = {
    ...about,
    id,
    hook,
    requestHeaders,
    requestBody: json,
    status: outcome.status,
    statusCode: outcome.statusCode,
    responseBody: outcome.body,
    deliveredAt,
    durationMs: performance.now() - started,
  };
  world.deliveries.add(delivery);
  return delivery;
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signals: { readonly timeout: AbortSignal; readonly any: AbortSignal },
): Promise<Outcome> {
  if (Buffer.byteLength(body) > maxPayloadBytes)
    return { status: 'payload too large', statusCode: 0, body: '' };
  try {
    const { any: signal } = signals;
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    const status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
    return { status, statusCode: response.status, body: (await response.text()).slice(0, 8192) };
  } catch {
    if (signals.timeout.aborted) return { status: 'timed out', statusCode: 504, body: '' };
    return { status: 'failed to connect to host', statusCode: 502, body: '' };
  }
}
