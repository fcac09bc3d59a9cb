import { fileURLToPath } from 'node:url';

import { placeOf } from '../../domain/remote-place.ts';
import type { Place } from '../../domain/remote-place.ts';
import { isRegion, parseS3Url } from '../../domain/s3-location.ts';
import { UserError } from '../../errors.ts';
import { redactUrl } from '../../domain/redact-url.ts';
import type { Timeouts } from '../../net/request.ts';
import { keysFrom } from './credentials/credentials.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import { defaultCredentials } from './credentials/default-chain.ts';
import type { CredentialDeps } from './credentials/default-chain.ts';
import { parseEndpoint } from './s3/address.ts';
import type { S3Deps, S3StoreConfig } from './s3/config.ts';
import { schemeOf } from './scheme.ts';

/** A row of `remotes:`, or of an environment's `stores:`, in the server's configuration that holds for the repository at hand. */
export interface Binding {
  /** `s3://bucket/prefix/`, an absolute path, or a `file:` url. */
  readonly url: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly credentials:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string | undefined;
      }
    | 'default'
    | 'anonymous';
  /** PEM certificates to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** What a request may take; undefined: the defaults of `net/`. */
  readonly timeouts?: Timeouts | undefined;
}

/** What stores and the default credentials need. No directory of a project: settings of repositories are not read. */
export type BoundStoresDeps = S3Deps & CredentialDeps;

/** A binding with the place that it names. */
export interface Bound<Row extends Binding = Binding> {
  readonly binding: Row;
  readonly place: Place;
}

/** Bindings that can be opened, the narrowest first. @throws UserError `remote-binding` when one cannot be read. */
export function boundPlaces<Row extends Binding>(bindings: readonly Row[]): readonly Bound<Row>[] {
  return bindings
    .map(boundOf)
    .filter((bound) => bound !== undefined)
    .sort((one, other) => other.place.segments.length - one.place.segments.length);
}

function boundOf<Row extends Binding>(binding: Row): Bound<Row> | undefined {
  const url = /^file:/i.test(binding.url) ? filePath(binding.url) : binding.url;
  const scheme = schemeOf(url);
  if (scheme !== '' && scheme !== 's3') return undefined;
  const place = placeOf(url);
  if (place === undefined || (scheme === 's3' && parseS3Url(url) === undefined))
    throw badBinding(binding, 'url');
  if (binding.endpoint !== undefined && parseEndpoint(binding.endpoint) === undefined)
    throw badBinding(binding, 'endpoint');
  if (binding.region !== undefined && !isRegion(binding.region)) throw badBinding(binding, 'region');
  return { binding, place };
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

/** How the S3 place with these segments is asked: endpoint and credentials are the binding's. */
export function s3ConfigOf(
  segments: readonly string[],
  binding: Binding,
  deps: BoundStoresDeps,
): S3StoreConfig {
  const [bucket = '', ...path] = segments;
  return {
    location: { bucket, prefix: path.map((segment) => `${segment}/`).join('') },
    server: { endpoint: parseEndpoint(binding.endpoint), secure: true },
    region: binding.region,
    credentials: credentialsOf(binding, deps),
    tls: () => Promise.resolve({ ca: binding.ca }),
    timeouts: binding.timeouts,
  };
}

/** The directory with these segments. */
export function pathOf(segments: readonly string[]): string {
  return `/${segments.join('/')}`;
}

function credentialsOf({ credentials }: Binding, deps: BoundStoresDeps): CredentialSource {
  if (credentials === 'default') return defaultCredentials(deps);
  if (credentials === 'anonymous') {
    return () => Promise.resolve({ kind: 'found', credentials: { kind: 'anonymous' }, region: undefined });
  }
  const keys = keysFrom(credentials);
  return () => Promise.resolve(keys);
}

function badBinding(binding: Binding, field: 'url' | 'endpoint' | 'region'): UserError {
  return new UserError(
    'remote-binding',
    `remotes or stores: the ${field} of ${redactUrl(binding.url)} cannot be read`,
    'Write url as s3://bucket/prefix/ or as an absolute path, endpoint as https://host, region as eu-central-1',
  );
}
