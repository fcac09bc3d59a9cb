/**
 * A secret, read at the moment it is needed, so that a rotated file is followed.
 * @throws UserError when it cannot be had (`secret-unreadable`, `secret-short`).
 */
export type Secret = () => string;

/** Shorter secrets are refused: redacting them would blacken innocent words, and they are guessed in no time. */
export const shortestSecret = 6;

/** Every secret in use. What is in here never reaches a log. */
export interface SecretRegistry {
  /** From now on the value is redacted; the returned function ends that. Adding a value twice is harmless. */
  add(value: string): () => void;
  /** Rises with each change, so that users may keep what they derived from `values`. */
  version(): number;
  values(): Iterable<string>;
}
