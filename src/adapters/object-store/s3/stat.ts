import type { HttpAnswer } from '../../../net/request.ts';
import type { ObjectRef, ObjectState, StoreTrouble } from '../../../ports/object-store.ts';
import { mapBounded } from '../bounded.ts';
import { keyProblem } from '../key.ts';
import { trouble } from '../trouble.ts';
import { plainEtag } from './answers.ts';
import { createInquiries } from './inquire.ts';
import type { S3Session } from './session.ts';
import { notS3, readOf } from './wanted.ts';

const concurrency = 64;
/** After so many objects in a row that could not be asked for, the others of the call are not asked for any more. */
const patience = 8;

/** The states of many objects by HEAD, in their order. `prefix` is the remote's own. */
export function statS3(
  session: S3Session,
  prefix: string,
  wanted: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<readonly ObjectState[]> {
  const inquire = createInquiries(session, prefix);
  let hopeless: StoreTrouble | undefined;
  let failedInARow = 0;

  async function statOne(object: ObjectRef, inner: AbortSignal): Promise<ObjectState> {
    if (hopeless !== undefined) return hopeless;
    const problem = keyProblem(object.key);
    if (problem !== undefined) return trouble('unsupported', `${problem}: ${object.key.slice(0, 200)}`);
    const state = (await headOne(object, inner)) ?? (await headOne(object, inner));
    if (state === undefined) return trouble('unsupported', 'the store answers HEAD and GET differently');
    const failed = state.kind === 'unknown' && state.cause === 'unreachable';
    failedInARow = failed ? failedInARow + 1 : 0;
    if (failed && failedInARow >= patience) hopeless ??= state;
    return state;
  }

  /** undefined: ask once more, something was learned. */
  async function headOne(object: ObjectRef, inner: AbortSignal): Promise<ObjectState | undefined> {
    const region = session.region();
    const head = await session.send(readOf(prefix, object, 'HEAD'), inner);
    if (head.kind === 'unknown') return head;
    if (head.status === 200) return presentState(head);
    if (head.headers['x-amz-delete-marker'] === 'true') return { kind: 'missing' };
    const { meaning, forAll } = await inquire(object, head.status, inner);
    if (meaning.kind === 'unknown' && forAll) hopeless ??= meaning;
    if (session.region() !== region || meaning.kind === 'answered') return undefined;
    if (meaning.kind === 'unknown') return meaning;
    // A refusal is never absence (specs dvc 0, rule 6), whatever GET says.
    return head.status === 404 || head.status === 405 || head.status === 400
      ? { kind: 'missing' }
      : undefined;
  }

  return mapBounded(wanted, concurrency, signal, statOne);
}

function presentState(head: HttpAnswer): ObjectState {
  const size = head.headers['content-length'] ?? '';
  if (!/^\d{1,15}$/.test(size) || notS3(head)) {
    return trouble('unreachable', `200 from ${head.url.host}, but not as S3 answers: is the endpoint right?`);
  }
  return { kind: 'present', size: Number(size), etag: plainEtag(head.headers['etag']) };
}
