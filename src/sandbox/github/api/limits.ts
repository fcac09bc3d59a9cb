import type { Caller } from '../access.ts';
import { Refusal } from '../refusal.ts';
import { seconds } from '../times.ts';
import type { World } from '../world.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const primaryMessage = 'API rate limit exceeded for installation ID.';
/** Starts as the real one's does. */
export const secondaryMessage =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

/** How a caller stands against the hour's limit. */
export interface Limits {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Seconds since 1970. */
  readonly reset: number;
  readonly resource: 'core';
}

interface Window {
  started: number;
  used: number;
  content: number[];
}

const windows = new WeakMap<World, Map<string, Window>>();

/** Counts a request. @throws Refusal 403 or 429 beyond a limit. */
export function countRequest(world: World, caller: Caller, createsContent: boolean): void {
  const window = windowOf(world, caller);
  window.used += 1;
  const { requestsPerHour, contentPerMinute, primaryLimitStatus } = world.knobs;
  if (requestsPerHour !== undefined && window.used > requestsPerHour)
    throw new Refusal(primaryLimitStatus, { message: primaryMessage });
  if (!createsContent) return;
  const now = world.now().getTime();
  window.content = window.content.filter((at) => at > now - minuteMs);
  if (contentPerMinute !== undefined && window.content.length >= contentPerMinute)
    throw new Refusal(403, { message: secondaryMessage }, { 'retry-after': '60' });
  window.content.push(now);
}

/** Where a caller stands; undefined where nothing is limited. */
export function limitsOf(world: World, caller: Caller): Limits | undefined {
  const limit = world.knobs.requestsPerHour;
  if (limit === undefined) return undefined;
  const window = windowOf(world, caller);
  const used = Math.min(window.used, limit);
  const reset = seconds(new Date(window.started + hourMs));
  return { limit, remaining: limit - used, used, reset, resource: 'core' };
}

/** The headers that every answer carries where something is limited. */
export function limitHeaders(limits: Limits | undefined): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(limits ?? {})) headers[`x-ratelimit-${name}`] = String(value);
  return headers;
}

function windowOf(world: World, caller: Caller): Window {
  const ofWorld = windows.get(world) ?? new Map<string, Window>();
  windows.set(world, ofWorld);
  const key = keyOf(caller);
  const now = world.now().getTime();
  const found = ofWorld.get(key);
  if (found !== undefined && now < found.started + hourMs) return found;
  const fresh: Window = { started: now, used: 0, content: [] };
  ofWorld.set(key, fresh);
  return fresh;
}

function keyOf(caller: Caller): string {
  switch (caller.kind) {
    case 'installation':
      return `installation ${caller.token.installation.id}`;
    case 'personal':
      return `user ${caller.token.user.id}`;
    case 'app':
      return `app ${caller.app.id}`;
    case 'nobody':
      return 'nobody';
    default:
      throw new Error(`unknown caller ${String(caller satisfies never)}`);
  }
}
