/** Where a remote lies. */
export interface S3Location {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

const bucketForm = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/i;
const regionForm = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** `s3://bucket/prefix`; the prefix is taken as it stands, `%20` included. undefined: no such url. */
export function parseS3Url(url: string): S3Location | undefined {
  const found = /^s3:\/\/([^/]+)(?:\/+(.*))?$/is.exec(url);
  const bucket = found?.[1];
  // The bucket becomes part of a host name.
  if (bucket === undefined || !bucketForm.test(bucket) || bucket.includes('..')) return undefined;
  const path = (found?.[2] ?? '').replace(/\/+$/, '');
  return { bucket, prefix: path === '' ? '' : `${path}/` };
}

/** A name that may stand in a host name and a signature; answers of servers are checked with it, too. */
export function isRegion(text: string | undefined): text is string {
  return text !== undefined && regionForm.test(text);
}
