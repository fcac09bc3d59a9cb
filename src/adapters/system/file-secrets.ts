import { readFileSync, statSync } from 'node:fs';
import { shortestSecret, type Secret, type SecretRegistry } from '../../domain/secret.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';

/** What reading secrets from files needs. */
export interface FileSecretsDeps {
  readonly registry: SecretRegistry;
  /** Where a secret that could not be read again is told of, and one that is good again. */
  readonly log: Pick<Log, 'warn' | 'info'>;
  readonly now: () => Date;
}

/** The file is looked at again after this time. */
const lookMs = 1000;

interface Held {
  readonly value: string;
  /** What the file looked like when it was read: time, size and inode (mounted secrets are swapped by symlink). */
  readonly mark: string;
}

/**
 * Makes secrets out of files (`/run/secrets/hook`). A file is read when the secret is first asked for, and again when
 * it has changed; when it is gone, unreadable or too short by then, the last value stays, and the log says so once,
 * and once more when the file is good again. The value before the newest stays registered, because it may still be on
 * its way through a log.
 */
export function createFileSecrets(deps: FileSecretsDeps): (path: string) => Secret {
  return (path) => {
    let held: Held | undefined;
    let lookedAt = 0;
    let complained = false;
    const registered: (() => void)[] = [];

    function take(next: Held): string {
      held = next;
      registered.push(deps.registry.add(next.value));
      if (registered.length > 2) registered.shift()?.();
      return next.value;
    }

    return () => {
      const now = deps.now().getTime();
      if (held !== undefined && Math.abs(now - lookedAt) < lookMs) return held.value;
      lookedAt = now;
      try {
        const mark = markOf(path);
        const value = held?.mark === mark ? held.value : take({ value: readSecret(path), mark });
        if (complained) deps.log.info({ path }, 'secret: its file is good again');
        complained = false;
        return value;
      } catch (error) {
        if (held === undefined) throw unreadable(path, error);
        if (!complained)
          deps.log.warn({ path, reason: reasonOf(error) }, 'secret kept: its file cannot be read again');
        complained = true;
        return held.value;
      }
    };
  };
}

function markOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs}/${size}/${ino}`;
}

/** One line break at the end belongs to the editor, not to the secret. */
function readSecret(path: string): string {
  const value = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
  if (value.length >= shortestSecret) return value;
  throw new UserError(
    'secret-short',
    `${path} holds ${value.length} characters: too short for a secret`,
    `Write the secret into the file; ${shortestSecret} characters at least.`,
  );
}

function unreadable(path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError(
    'secret-unreadable',
    `the secret ${path} cannot be read: ${reasonOf(error)}`,
    'Mount the file, or make it readable for the user that modelgate runs as.',
    { cause: error },
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'its permissions do not allow it',
  EISDIR: 'it is a directory',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  return reason === undefined ? messageOf(error) : `${reason} (${code})`;
}
