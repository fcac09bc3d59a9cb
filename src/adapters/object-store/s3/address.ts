import { uriEncode, uriEncodePath } from './uri-encode.ts';

/** Which server is asked for a bucket. */
export interface S3Server {
  /** undefined: AWS itself. */
  readonly endpoint: URL | undefined;
  /** TLS, where no endpoint says otherwise. */
  readonly secure: boolean;
}

/** The region in an AWS endpoint's name: `s3.eu-central-1.amazonaws.com`, `s3-eu-west-1…`, `bucket.s3.dualstack.…`. */
export function regionOfEndpoint(endpoint: URL | undefined): string | undefined {
  const found =
    /(?:^|\.)s3[.-](?:fips[.-])?(?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com(?:\.cn)?$/.exec(
      endpoint?.hostname ?? '',
    );
  return found?.[1];
}

/**
 * The url of an object, or of the bucket without a key. Path style at endpoints of one's own and for bucket names
 * with dots (no certificate covers them), otherwise the bucket is part of the host.
 */
export function s3UrlOf(
  server: S3Server,
  place: { readonly bucket: string; readonly region: string; readonly key: string | undefined },
  query: Readonly<Record<string, string>>,
): URL {
  const { bucket, region, key } = place;
  const aws = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const scheme = server.secure ? 'https' : 'http';
  const inPath = server.endpoint !== undefined || bucket.includes('.');
  const base = server.endpoint
    ? server.endpoint.origin + server.endpoint.pathname.replace(/\/+$/, '')
    : `${scheme}://${inPath ? '' : `${bucket}.`}${aws}`;
  const path = [...(inPath ? [bucket] : []), ...(key === undefined ? [] : [uriEncodePath(key)])].join('/');
  const pairs = Object.entries(query).map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`);
  return new URL(`${base}/${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`);
}

/** An http or https address that may be asked: without userinfo, query and fragment; undefined: it is none. */
export function parseEndpoint(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
}
