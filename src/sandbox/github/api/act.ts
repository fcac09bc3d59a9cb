import { Refusal } from '../refusal.ts';
import type { Act } from '../world.ts';
import type { Call } from './call.ts';

/** The caller as somebody who does something: an installation acts as its App's bot. */
export function actOf(call: Call): Act {
  const { caller } = call;
  if (caller.kind === 'installation') {
    const { app } = caller.token.installation;
    return { user: app.bot, app };
  }
  if (caller.kind === 'personal') return { user: caller.token.user };
  throw new Refusal(401, { message: 'Requires authentication' });
}
