/** A request as the server sees it. */
export interface S3Request {
  readonly method: string;
  /** The request target as sent, query included. */
  readonly target: string;
  readonly bucket: string;
  /** Decoded; empty for requests about the bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** S3 reads `+` as a blank, in paths and queries: a literal plus must arrive as %2B. */
export function decodeS3(text: string): string {
  return decodeURIComponent(text.replaceAll('+', '%20'));
}

/** The query's pairs, decoded, in the order sent. */
export function queryPairs(target: string): readonly (readonly [string, string])[] {
  const start = target.indexOf('?');
  if (start < 0) return [];
  const parts = target.slice(start + 1).split('&');
  return parts.filter((part) => part !== '').map(queryPair);
}

function queryPair(part: string): readonly [string, string] {
  const equals = part.indexOf('=');
  if (equals < 0) return [decodeS3(part), ''];
  return [decodeS3(part.slice(0, equals)), decodeS3(part.slice(equals + 1))];
}

/** The path, decoded and without the query. @throws URIError for a broken escape. */
export function decodedPath(target: string): string {
  const [path = ''] = target.split('?', 1);
  return decodeS3(path);
}

/** Splits `/bucket/key`, or takes the bucket from a `bucket.host` name when the host's name has one. */
export function bucketAndKey(path: string, host: string): { readonly bucket: string; readonly key: string } {
  const [name = ''] = host.split(':', 1);
  const virtual = /^(.+)\.(?:localhost|s3\.localhost)$/.exec(name)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path.slice(1) };
  const slash = path.indexOf('/', 1);
  if (slash < 0) return { bucket: path.slice(1), key: '' };
  return { bucket: path.slice(1, slash), key: path.slice(slash + 1) };
}
