import type { ListedObject, StoreTrouble } from '../../../ports/object-store.ts';
import { compareBytes } from '../byte-order.ts';
import { trouble } from '../trouble.ts';
import { readListPage } from './answers.ts';
import type { ListPage } from './answers.ts';
import { explainRefusal } from './explain.ts';
import type { S3Session } from './session.ts';

/** A page of 1000 keys has 0.3 to 2 MB. */
const pageBytes = 8 * 1024 * 1024;
/** Pages without any key that a store may send in a row; S3 does so after mass deletions. */
const emptyPages = 20;

type Page = { readonly kind: 'page'; readonly objects: readonly ListedObject[] };

/** Pages of keys below the remote's `prefix`, relative to it. Ends with trouble when a listing does not get on. */
export async function* listS3(
  session: S3Session,
  prefix: string,
  wanted: { readonly prefix: string; readonly after: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<Page | StoreTrouble> {
  const after = wanted.after === undefined ? {} : { 'start-after': prefix + wanted.after };
  let last = prefix + (wanted.after ?? '');
  let next: string | undefined;
  for (let empty = 0; empty <= emptyPages;) {
    const place = next === undefined ? after : { 'continuation-token': next };
    const page = await askPage(session, { prefix: prefix + wanted.prefix, ...place }, signal);
    if (page.kind === 'unknown') {
      yield page;
      return;
    }
    const objects: ListedObject[] = [];
    for (const object of page.objects) {
      // The remote's own directory marker has no key in it.
      if (object.key === prefix) continue;
      if (!object.key.startsWith(prefix + wanted.prefix) || compareBytes(object.key, last) <= 0) {
        yield trouble('unsupported', `the listing of ${session.bucket} is not in the order of its keys`);
        return;
      }
      last = object.key;
      objects.push({ ...object, key: object.key.slice(prefix.length) });
    }
    if (objects.length > 0) yield { kind: 'page', objects };
    next = page.next;
    if (next === undefined) return;
    empty = objects.length > 0 ? 0 : empty + 1;
  }
  yield trouble(
    'limit',
    `the listing of ${session.bucket} does not get on: ${emptyPages} empty pages in a row`,
  );
}

async function askPage(
  session: S3Session,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<(ListPage & { readonly kind: 'page' }) | StoreTrouble> {
  const all = { 'list-type': '2', 'max-keys': '1000', 'encoding-type': 'url', ...query };
  const answer = await session.send(
    { method: 'GET', key: undefined, query: all, maxBytes: pageBytes },
    signal,
  );
  if (answer.kind === 'unknown') return answer;
  const { bucket } = session;
  if (answer.status !== 200) {
    const { meaning } = explainRefusal(answer, {
      bucket,
      region: session.region(),
      version: undefined,
      now: session.now(),
    });
    return meaning.kind === 'unknown'
      ? meaning
      : trouble('unsupported', `the bucket ${bucket} cannot be listed`);
  }
  if (answer.cut)
    return trouble('limit', `a page of the listing of ${bucket} has more than ${pageBytes} bytes`);
  const page = readListPage(answer.body.toString());
  if (page === undefined) {
    return trouble(
      'unreachable',
      `200 from ${answer.url.host}, but no listing as S3 sends it: is the endpoint right?`,
    );
  }
  return { kind: 'page', ...page };
}
