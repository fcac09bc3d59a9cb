import type { Config, Settings } from './config.ts';
import type { Environment } from './expand.ts';
import type { Readers } from './readers.ts';

/** Fills in the defaults that depend on other settings or on the machine, and tells the log of the Redis password. */
export function complete(settings: Settings, readers: Readers, notes: readonly string[]): Config {
  const { listen, gate, redis } = settings;
  for (const password of passwordsOf(redis.url)) readers.addSecret(password);
  return {
    ...settings,
    listen: { ...listen, publicUrl: listen.publicUrl ?? `http://${reachable(listen.host)}:${listen.port}` },
    gate: { ...gate, cacheDirectory: gate.cacheDirectory ?? `${temporary(readers.env)}/modelgate` },
    notes: [...notes, ...unreadRemotes(settings)],
  };
}

/** Kinds of remotes that may stand in the file, although nothing reads them yet. */
function unreadRemotes({ remotes }: Settings): readonly string[] {
  return remotes.flatMap(({ url }, index) => {
    const [, scheme] = /^(gs|azure|https?):/.exec(url) ?? [];
    if (scheme === undefined) return [];
    return [
      `remotes[${index}] is a remote of the kind ${scheme}: those are not read yet, so that data there cannot be proven`,
    ];
  });
}

/** A value that nobody can change any more, secrets (functions) aside. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

function temporary(env: Environment): string {
  return env['TMPDIR']?.replace(/\/+$/, '') || '/tmp';
}

/** A name for the address that a browser on the same machine can use. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function passwordsOf(url: string | undefined): readonly string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password } = new URL(url);
  try {
    return [password, decodeURIComponent(password)].filter((text) => text !== '');
  } catch {
    return password === '' ? [] : [password];
  }
}
