import { randomUUID } from 'node:crypto';
import type { Delivery, Hook, HookEvent, Project } from '../state.ts';
import type { World } from '../world.ts';
import { alertStatus, countAnswer } from './auto-disable.ts';
import { deliveryHeaders, type DeliveryIds } from './headers.ts';

/** An event for the hooks of a project. */
export interface HookCall {
  readonly event: HookEvent;
  /** The header `X-Gitlab-Event`. */
  readonly trigger: string;
  /** Built at once, but only where a hook wants it. */
  readonly payload: () => Promise<Readonly<Record<string, unknown>>>;
  /** The chain that the event belongs to: its hooks are not called twice. */
  readonly chain?: string | undefined;
}

const maxPayloadBytes = 25 * 1024 * 1024;
const maxHooksPerChain = 100;

/** Sends an event to every hook that wants it, once, without retries (specs git-hosts 1.3). */
export async function callHooks(world: World, project: Project, call: HookCall): Promise<void> {
  const wanting = project.hooks.filter((hook) => hook.events.has(call.event) && isEnabled(world, hook));
  if (wanting.length === 0) return;
  const body = JSON.stringify(await call.payload());
  for (const hook of wanting) {
    const chain = call.chain ?? randomUUID();
    if (!joinChain(world, chain, hook)) continue;
    const ids = { key: randomUUID(), chain };
    world.background.start(
      async () => void (await deliver(world, hook, { trigger: call.trigger, body, ids })),
    );
  }
}

function isEnabled(world: World, hook: Hook): boolean {
  return !world.knobs.autoDisableHooks || alertStatus(hook, world.now()) === 'executable';
}

function joinChain(world: World, chain: string, hook: Hook): boolean {
  const called = world.chains.get(chain) ?? new Set();
  if (called.has(hook.id) || called.size >= maxHooksPerChain) return false;
  world.chains.set(chain, called.add(hook.id));
  const [oldest] = world.chains.keys();
  if (world.chains.size > 10_000 && oldest !== undefined) world.chains.delete(oldest);
  return true;
}

/** One request to one hook; never throws for what the receiver does. */
export async function deliver(
  world: World,
  hook: Hook,
  event: { readonly trigger: string; readonly body: string; readonly ids: DeliveryIds },
): Promise<Delivery> {
  const requestHeaders = deliveryHeaders(world, hook, event.trigger, event.ids, event.body);
  const createdAt = world.now();
  const started = performance.now();
  const signal = AbortSignal.any([
    world.background.stopping,
    AbortSignal.timeout(world.knobs.webhookTimeoutMs),
  ]);
  const answer = await post(hook.url, requestHeaders, event.body, signal);
  countAnswer(hook, typeof answer.status === 'number' && answer.status < 400, world.now());
  const delivery: Delivery = {
    id: world.nextId(),
    hook,
    trigger: event.trigger,
    requestHeaders,
    requestBody: event.body,
    responseStatus: answer.status,
    responseBody: answer.body,
    createdAt,
    durationMs: performance.now() - started,
  };
  world.deliveries.add(delivery);
  return delivery;
}

/** Sends a delivery again: same key and body, new time and signature. */
export function resend(world: World, delivery: Delivery): Promise<Delivery> {
  const headers = delivery.requestHeaders;
  const ids = {
    key: headers['idempotency-key'] ?? randomUUID(),
    chain: headers['x-gitlab-event-uuid'] ?? randomUUID(),
  };
  return deliver(world, delivery.hook, { trigger: delivery.trigger, body: delivery.requestBody, ids });
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number | 'internal error'; readonly body: string }> {
  if (Buffer.byteLength(body) > maxPayloadBytes)
    return { status: 'internal error', body: 'payload too large' };
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    return { status: response.status, body: (await response.text()).slice(0, 8192) };
  } catch {
    return { status: 'internal error', body: '' };
  }
}
