import type { Config } from '../config/config.ts';
import { UserError } from '../errors.ts';

interface Trouble {
  readonly reason: string;
  readonly remedy: string;
}

const noAddress: Trouble = {
  reason: 'the name has no address',
  remedy:
    'Correct listen.host (MODELGATE_LISTEN_HOST); 127.0.0.1 listens for this machine alone, 0.0.0.0 for all.',
};

/** By error code, also of looking the name up. */
const troubles: Readonly<Record<string, Trouble>> = {
  EADDRINUSE: {
    reason: 'another process listens there',
    remedy: 'End the other process, or set listen.port (MODELGATE_LISTEN_PORT) to a free port.',
  },
  EADDRNOTAVAIL: {
    reason: 'this machine has no such address',
    remedy:
      'Set listen.host (MODELGATE_LISTEN_HOST) to an address of this machine, or to 0.0.0.0 for all of them.',
  },
  EACCES: {
    reason: 'the port is for privileged users',
    remedy: 'Set listen.port (MODELGATE_LISTEN_PORT) to 1024 or more.',
  },
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
};

/** Why nobody can reach us, for whoever started us: a UserError `listen`, or the error itself where it is no trouble of an address. */
export function cannotListen(
  { host, port }: Pick<Config['listen'], 'host' | 'port'>,
  error: unknown,
): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const trouble = Object.hasOwn(troubles, code) ? troubles[code] : undefined;
  if (trouble === undefined) return error;
  const message = `cannot listen on ${host}:${port}: ${trouble.reason} (${code})`;
  return new UserError('listen', message, trouble.remedy, { cause: error });
}
