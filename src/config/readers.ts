import type { Secret } from '../domain/secret.ts';
import type { Environment } from './expand.ts';

/** Where values come from. */
export interface Readers {
  readonly env: Environment;
  /** A file's text, or undefined when there is no such file. @throws what reading throws otherwise. */
  readFile(path: string): string | undefined;
  /** A secret that is kept in a file; nothing is read yet. @throws UserError, the secret, until it was read once. */
  fileSecret(path: string): Secret;
  /** Tells the log's sink what must not pass. */
  addSecret(value: string): void;
}
