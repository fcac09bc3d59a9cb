import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { UserError } from '../../errors.ts';

/** What a browser's sign-in is proven with when it comes back. */
export const Kept = z.object({
  state: z.string().min(1),
  verifier: z.string().min(1),
  nonce: z.string().optional(),
  redirectUri: z.string(),
});

/** What was kept between the two halves of a sign-in. */
export type Kept = z.infer<typeof Kept>;

/** @throws UserError `sign-in-stale` for what we did not write. */
export function readKept(text: string): Kept {
  try {
    return Kept.parse(JSON.parse(text));
  } catch (error) {
    throw stale('what was kept of the sign-in is not readable', { cause: error });
  }
}

/** @throws UserError `sign-in-stale` when the answer is not the one to what this browser asked. */
export function checkState(callback: URL, kept: Kept, host: string): void {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(hash(callback.searchParams.get('state') ?? ''), hash(kept.state)))
    throw stale(`the answer of ${host} is not the one to what was asked`);
}

/** It is not what was begun here, or was used before. */
export function stale(why: string, options?: ErrorOptions): UserError {
  return new UserError('sign-in-stale', why, 'Sign in once more.', options);
}

/** The person, or the host on somebody's behalf, said no. */
export function refused(why: string, options?: ErrorOptions): UserError {
  return new UserError('sign-in-refused', why, 'Sign in once more, and allow it.', options);
}

/** Only whoever runs the server, or the host, can repair it. */
export function misconfigured(why: string, remedy: string, options?: ErrorOptions): UserError {
  return new UserError('sign-in-misconfigured', why, remedy, options);
}
