import type { ObjectContent, ObjectRef } from '../../../ports/object-store.ts';
import { keyProblem } from '../key.ts';
import { trouble } from '../trouble.ts';
import { explainRefusal } from './explain.ts';
import type { S3Session } from './session.ts';
import { errorBytes, notS3, readOf } from './wanted.ts';

/** One object's bytes, read whole or not at all. */
export async function getS3(
  session: S3Session,
  prefix: string,
  wanted: ObjectRef & { readonly maxBytes: number },
  signal: AbortSignal,
): Promise<ObjectContent> {
  const problem = keyProblem(wanted.key);
  if (problem !== undefined) return trouble('unsupported', `${problem}: ${wanted.key.slice(0, 200)}`);
  const { maxBytes, version } = wanted;
  // Errors are read with room to spare, so that a small cap does not hide their code.
  const answer = await session.send(readOf(prefix, wanted, 'GET', Math.max(maxBytes, errorBytes)), signal);
  if (answer.kind === 'unknown') return answer;
  if (answer.status === 200) {
    if (notS3(answer))
      return trouble('unreachable', `a web page from ${answer.url.host}, not S3: is the endpoint right?`);
    const size = Math.max(answer.body.length, Number(answer.headers['content-length'] ?? 0));
    if (answer.cut || size > maxBytes) return { kind: 'too-large', size };
    return { kind: 'content', bytes: answer.body };
  }
  const { bucket } = session;
  const { meaning } = explainRefusal(answer, {
    bucket,
    region: session.region(),
    version,
    now: session.now(),
  });
  return meaning.kind === 'gone' ? { kind: 'missing' } : meaning;
}
