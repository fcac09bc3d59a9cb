import { isWithin, placeOf } from '../../domain/remote-place.ts';
import type { Place } from '../../domain/remote-place.ts';
import { redactUrl } from '../../domain/redact-url.ts';
import type { DataRemote, ObjectStore, ObjectStores } from '../../ports/object-store.ts';
import { boundPlaces, pathOf, s3ConfigOf } from './binding.ts';
import type { Binding, Bound, BoundStoresDeps } from './binding.ts';
import { createLocalStore } from './local.ts';
import { createS3Store } from './s3/store.ts';
import { schemeOf, unsupportedScheme } from './scheme.ts';

export type { Binding } from './binding.ts';

/**
 * Opens remotes that equal or lie below a binding's url, the narrowest binding first. Endpoint and credentials are the
 * binding's; the repository's settings are not looked at.
 * @throws UserError `remote-binding` when a binding cannot be read.
 */
export function createBoundStores(bindings: readonly Binding[], deps: BoundStoresDeps): ObjectStores {
  const bounds = boundPlaces(bindings);
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

/** What is opened is made from the very segments that were compared. */
function openBound(
  { scheme, segments }: Place,
  { binding, place }: Bound,
  deps: BoundStoresDeps,
): ObjectStore {
  if (scheme === '') return createLocalStore({ directory: pathOf(segments), within: pathOf(place.segments) });
  return createS3Store(s3ConfigOf(segments, binding, deps), deps);
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
