import type { World } from '../world.ts';
import { seconds } from '../times.ts';
import type { Answer } from './call.ts';
import type { ApiFault } from './faults.ts';
import { secondaryMessage } from './limits.ts';

const bodies = {
  json: [{ message: 'Server Error' }, 'application/json; charset=utf-8'],
  html: ['<html><body><h1>Whoa there!</h1></body></html>', 'text/html'],
  text: ['upstream connect error\n', 'text/plain'],
  empty: [undefined, 'text/plain'],
} as const;

/** The answer under a fault; undefined where none is sent. */
export async function answerWith(
  world: World,
  fault: ApiFault | undefined,
  respond: () => Promise<Answer>,
): Promise<Answer | undefined> {
  switch (fault?.kind) {
    case undefined:
      return respond();
    case 'status':
      return broken(fault.status, fault.body ?? 'json');
    case 'busy':
      return { ...broken(503, 'text'), headers: plain({ 'retry-after': String(fault.retryAfter) }) };
    case 'primary-limit':
      return primary(world, fault);
    case 'secondary-limit':
      return {
        status: fault.status ?? 403,
        body: { message: secondaryMessage, documentation_url: 'https://docs.github.com/rest' },
        headers: fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      };
    case 'applied-then-502':
      await respond();
      return broken(502, 'html');
    case 'hang':
    case 'drop':
      return undefined;
    default:
      throw new Error(`unknown fault ${String(fault satisfies never)}`);
  }
}

function broken(status: number, kind: keyof typeof bodies): Answer {
  const [body, type] = bodies[kind];
  return { status, body, headers: { 'content-type': type } };
}

function plain(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { 'content-type': 'text/plain', ...headers };
}

function primary(world: World, fault: { readonly status: number; readonly resetIn: number }): Answer {
  const limit = String(world.knobs.requestsPerHour ?? 5_000);
  const headers = {
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': '0',
    'x-ratelimit-used': limit,
    'x-ratelimit-reset': String(seconds(world.now()) + fault.resetIn),
    'x-ratelimit-resource': 'core',
  };
  return { status: fault.status, body: { message: 'API rate limit exceeded for installation ID.' }, headers };
}
