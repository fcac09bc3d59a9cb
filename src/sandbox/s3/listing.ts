import { accessDenied, answer, refuse, type S3Answer } from './answer.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket, S3Version } from './store.ts';
import { escapeXml, urlEncode, xmlDocument } from './xml.ts';

/** One row of a page: an object, or a common prefix. */
type Row = { readonly key: string; readonly version: S3Version } | { readonly prefix: string };

/** The query of ListObjectsV2, read. */
interface Listing {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly after: string;
  readonly maxKeys: number;
}

/** ListObjectsV2. `pageLimit` makes pages smaller than asked, which S3 is free to do. */
export function listObjects(bucket: S3Bucket, request: S3Request, pageLimit: number): S3Answer {
  if (bucket.config.canList === false) return accessDenied();
  if (request.query.get('list-type') !== '2')
    return refuse(501, 'NotImplemented', 'Only ListObjectsV2 is implemented');
  const listing = readListing(request.query);
  if ('status' in listing) return listing;
  const { rows, next } = page(bucket, { ...listing, maxKeys: Math.min(listing.maxKeys, pageLimit) });
  return answer(200, { 'content-type': 'application/xml' }, render(request, listing, rows, next));
}

function readListing(query: ReadonlyMap<string, string>): Listing | S3Answer {
  const maxKeys = query.get('max-keys') ?? '1000';
  if (!/^\d+$/.test(maxKeys))
    return invalid('Provided max-keys not an integer or within integer range', 'max-keys');
  if ((query.get('encoding-type') ?? 'url') !== 'url') {
    return invalid('Invalid Encoding Method specified in Request', 'encoding-type');
  }
  const token = query.get('continuation-token');
  const resumed = token === undefined ? undefined : openToken(token);
  if (token !== undefined && resumed === undefined) {
    return invalid('The continuation token provided is incorrect', 'continuation-token');
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') || undefined,
    after: resumed ?? query.get('start-after') ?? '',
    maxKeys: Math.min(Number(maxKeys), 1000),
  };
}

function invalid(message: string, name: string): S3Answer {
  return refuse(400, 'InvalidArgument', message, { fields: { ArgumentName: name } });
}

function page(
  bucket: S3Bucket,
  listing: Listing,
): { readonly rows: readonly Row[]; readonly next: string | undefined } {
  const keys = bucket.keys();
  const after = Buffer.from(listing.after);
  const rows: Row[] = [];
  let last = '';
  for (
    let index = firstAfter(keys, later(after, Buffer.from(listing.prefix)));
    index < keys.length;
    index += 1
  ) {
    const key = keys[index] ?? '';
    if (!key.startsWith(listing.prefix)) break;
    const row = rowOf(bucket, key, listing);
    if (row === undefined || isBehind(row, listing.after, last)) continue;
    if (rows.length >= listing.maxKeys)
      return { rows, next: listing.maxKeys === 0 ? undefined : sealToken(last) };
    rows.push(row);
    last = 'prefix' in row ? row.prefix : key;
  }
  return { rows, next: undefined };
}

function rowOf(bucket: S3Bucket, key: string, { prefix, delimiter }: Listing): Row | undefined {
  const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
  if (cut >= 0) return { prefix: key.slice(0, cut + (delimiter ?? '').length) };
  const version = bucket.versions(key)[0];
  return version === undefined ? undefined : { key, version };
}

/** Keys at or before the start, and further keys of a prefix that was already listed. */
function isBehind(row: Row, after: string, last: string): boolean {
  if ('prefix' in row) return row.prefix === last || (after !== '' && after.startsWith(row.prefix));
  return row.key === after;
}

/** The first index whose key is at or behind `start`, by bytes. */
function firstAfter(keys: readonly string[], start: Buffer): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Buffer.compare(Buffer.from(keys[middle] ?? ''), start) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function later(one: Buffer, other: Buffer): Buffer {
  return Buffer.compare(one, other) > 0 ? one : other;
}

function render(
  request: S3Request,
  listing: Listing,
  rows: readonly Row[],
  next: string | undefined,
): string {
  const encoding = request.query.get('encoding-type');
  const name = (text: string): string => escapeXml(encoding === 'url' ? urlEncode(text) : text);
  const startAfter = request.query.get('start-after');
  const token = request.query.get('continuation-token');
  const parts = [
    `<Name>${escapeXml(request.bucket)}</Name><Prefix>${name(listing.prefix)}</Prefix>`,
    startAfter === undefined ? '' : `<StartAfter>${name(startAfter)}</StartAfter>`,
    token === undefined ? '' : `<ContinuationToken>${escapeXml(token)}</ContinuationToken>`,
    next === undefined ? '' : `<NextContinuationToken>${escapeXml(next)}</NextContinuationToken>`,
    listing.delimiter === undefined ? '' : `<Delimiter>${name(listing.delimiter)}</Delimiter>`,
    `<KeyCount>${rows.length}</KeyCount><MaxKeys>${listing.maxKeys}</MaxKeys>`,
    encoding === undefined ? '' : `<EncodingType>${encoding}</EncodingType>`,
    `<IsTruncated>${next !== undefined}</IsTruncated>`,
    ...rows.map((row) => renderRow(row, name)),
  ];
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return xmlDocument(`<ListBucketResult xmlns="${xmlns}">${parts.join('')}</ListBucketResult>`);
}

function renderRow(row: Row, name: (text: string) => string): string {
  if ('prefix' in row) return `<CommonPrefixes><Prefix>${name(row.prefix)}</Prefix></CommonPrefixes>`;
  const { version } = row;
  const modified = version.modified.toISOString();
  const etag = `&quot;${version.etag}&quot;`;
  const content = `<Key>${name(row.key)}</Key><LastModified>${modified}</LastModified><ETag>${etag}</ETag><Size>${version.bytes.length}</Size>`;
  return `<Contents>${content}<StorageClass>STANDARD</StorageClass></Contents>`;
}

/** Opaque to clients, and with characters that must be escaped in a query. */
function sealToken(key: string): string {
  return `1/${Buffer.from(key).toString('base64')}+=`;
}

function openToken(token: string): string | undefined {
  const found = /^1\/([A-Za-z0-9+/=]*)\+=$/.exec(token);
  return found === null ? undefined : Buffer.from(found[1] ?? '', 'base64').toString();
}
