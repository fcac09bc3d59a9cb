import { fileURLToPath } from 'node:url';

import { isWithin, placeOf } from '../../domain/remote-place.ts';
import type { Place } from '../../domain/remote-place.ts';
import { isRegion, parseS3Url } from '../../domain/s3-location.ts';
import { UserError } from '../../errors.ts';
import { redactUrl } from '../../domain/redact-url.ts';
import type { Timeouts } from '../../net/request.ts';
import type { DataRemote, ObjectStore, ObjectStores } from '../../ports/object-store.ts';
import { keysFrom } from './credentials/credentials.ts';
import type { CredentialSource } from './credentials/credentials.ts';
import { defaultCredentials } from './credentials/default-chain.ts';
import type { CredentialDeps } from './credentials/default-chain.ts';
import { createLocalStore } from './local.ts';
import { parseEndpoint } from './s3/address.ts';
import type { S3Deps } from './s3/config.ts';
import { createS3Store } from './s3/store.ts';
import { schemeOf, unsupportedScheme } from './scheme.ts';

/** A row of `remotes:` in the server's configuration that holds for the repository at hand. */
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

interface Bound {
  readonly binding: Binding;
  readonly place: Place;
}

/**
 * Opens remotes that equal or lie below a binding's url, the narrowest binding first. Endpoint and credentials are the
 * binding's; the repository's settings are not looked at.
 * @throws UserError `remote-binding` when a binding cannot be read.
 */
export function createBoundStores(bindings: readonly Binding[], deps: BoundStoresDeps): ObjectStores {
  const bounds = bindings
    .map(boundOf)
    .filter((bound) => bound !== undefined)
    .sort((one, other) => other.place.segments.length - one.place.segments.length);
  return {
    open(remote) {
      const scheme = schemeOf(remote.url);
      if (scheme !== '' && scheme !== 's3') return unsupportedScheme(scheme, remote);
      const place = placeOf(remote.url);
      const bound = place && bounds.find((candidate) => isWithin(place, candidate.place));
      if (place !== undefined && bound !== undefined)
        return { kind: 'open', store: openBound(place, bound, deps) };
      if (scheme === '') return elsewhere(remote);
      return place === undefined ? notPlain(remote) : notBound(remote);
    },
  };
}

function boundOf(binding: Binding): Bound | undefined {
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

/** What is opened is made from the very segments that were compared. */
function openBound(
  { scheme, segments }: Place,
  { binding, place }: Bound,
  deps: BoundStoresDeps,
): ObjectStore {
  if (scheme === '') return createLocalStore({ directory: pathOf(segments), within: pathOf(place.segments) });
  const [bucket = '', ...path] = segments;
  const endpoint = parseEndpoint(binding.endpoint);
  return createS3Store(
    {
      location: { bucket, prefix: path.map((segment) => `${segment}/`).join('') },
      server: { endpoint, secure: true },
      region: binding.region,
      credentials: credentialsOf(binding, deps),
      tls: () => Promise.resolve({ ca: binding.ca }),
      timeouts: binding.timeouts,
    },
    deps,
  );
}

function pathOf(segments: readonly string[]): string {
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

function notBound(remote: DataRemote): ReturnType<ObjectStores['open']> {
  const url = redactUrl(remote.url);
  return {
    kind: 'not-bound',
    message: `the server's configuration does not let this repository use remote ${remote.name} (${url}); nothing was asked there`,
    remedy: `Add to \`remotes:\` of the server's configuration: - { url: ${JSON.stringify(url)}, repositories: ["<this repository>"], credentials: default }`,
  };
}

function elsewhere(remote: DataRemote): ReturnType<ObjectStores['open']> {
  return {
    kind: 'not-bound',
    message: `remote ${remote.name} (${redactUrl(remote.url)}) is a directory of somebody's machine, which the server may not read`,
    remedy:
      'Use a remote that everybody can reach, as s3://bucket/prefix; or, where the directory is mounted on the server, name its absolute path in `remotes:` of the configuration',
  };
}

function notPlain(remote: DataRemote): ReturnType<ObjectStores['open']> {
  return {
    kind: 'not-bound',
    message: `the url of remote ${remote.name} (${redactUrl(remote.url)}) is not written plainly, so that it cannot be compared with what the server may read; nothing was asked`,
    remedy:
      'Write it as s3://bucket/prefix or as an absolute path, without "..", "//", "%", "?", "#" and backslashes',
  };
}

function badBinding(binding: Binding, field: 'url' | 'endpoint' | 'region'): UserError {
  return new UserError(
    'remote-binding',
    `remotes: the ${field} of ${redactUrl(binding.url)} cannot be read`,
    'Write url as s3://bucket/prefix/ or as an absolute path, endpoint as https://host, region as eu-central-1',
  );
}
