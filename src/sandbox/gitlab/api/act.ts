import { requireUser } from '../access.ts';
import type { Act } from '../world.ts';
import type { Call } from './call.ts';

/** The caller as somebody who does something. A chain is continued by the header that deliveries carry. */
export function actOf(call: Call): Act {
  return { user: requireUser(call.caller), chain: call.headers['x-gitlab-event-uuid'] };
}
