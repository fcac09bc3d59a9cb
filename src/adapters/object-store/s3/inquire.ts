import type { ObjectRef } from '../../../ports/object-store.ts';
import { explainRefusal } from './explain.ts';
import type { Refusal } from './explain.ts';
import type { S3Session } from './session.ts';
import { readOf } from './wanted.ts';

/** `answered`: GET found the object that HEAD did not. */
export interface Inquiry {
  readonly meaning: Refusal['meaning'] | { readonly kind: 'answered' };
  readonly forAll: boolean;
}

/**
 * Asks with GET why HEAD was refused: only GET's answer has a code, which tells a missing object from a missing bucket
 * and a wrong key from a missing permission. What holds for a status is asked once for all objects of a call.
 */
export function createInquiries(
  session: S3Session,
  prefix: string,
): (object: ObjectRef, status: number, signal: AbortSignal) => Promise<Inquiry> {
  const known = new Map<number, Promise<Inquiry>>();

  async function ask(object: ObjectRef, signal: AbortSignal): Promise<Inquiry> {
    const headers = { range: 'bytes=0-0' };
    const answer = await session.send({ ...readOf(prefix, object, 'GET'), headers }, signal);
    if (answer.kind === 'unknown') return { meaning: answer, forAll: false };
    if (answer.status < 300 || answer.status === 416) return { meaning: { kind: 'answered' }, forAll: false };
    const { bucket } = session;
    return explainRefusal(answer, {
      bucket,
      region: session.region(),
      version: object.version,
      now: session.now(),
    });
  }

  return async function inquire(object, status, signal) {
    const before = await known.get(status);
    if (before !== undefined) return before;
    if (status !== 403 && status !== 404) return ask(object, signal);
    const asking = known.get(status) ?? ask(object, signal);
    known.set(status, asking);
    const found = await asking;
    const expected = status === 404 ? 'gone' : 'unknown';
    if (found.meaning.kind !== expected && !found.forAll) known.delete(status);
    return found;
  };
}
