import type { Place } from '../../../domain/remote-place.ts';
import { isWithin, placeOf } from '../../../domain/remote-place.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import { boundPlaces, pathOf, s3ConfigOf } from '../binding.ts';
import type { Bound, BoundStoresDeps } from '../binding.ts';
import { createLocalDepot } from '../local-depot.ts';
import type { ModelBinding, ModelStoreConfig, ModelStoreDeps } from '../model-store.ts';
import { createS3Depot } from '../s3/depot.ts';
import type { S3DepotDeps } from '../s3/depot.ts';
import { createWriteMemory } from '../s3/write-rules.ts';
import type { Spot } from './copy-file.ts';
import type { Depot } from './depot.ts';
import { addressNotBound } from './refusals.ts';

/** Finds where an address is asked. @throws UserError `address-not-bound` */
export interface Spots {
  toRead(address: string): Spot;
  toWrite(address: string): Spot;
  /** The key ends in a slash, or is empty. */
  toList(prefix: string): Spot;
}

/** A place, and its depot once it is needed. */
type Open = Bound<ModelBinding> & { readonly depot: () => Depot };

const defaultPartBytes = 16 * 1024 * 1024;

/** One depot for each place, for as long as the spots are kept: it learns of its bucket. */
export function createSpots(config: ModelStoreConfig, deps: ModelStoreDeps): Spots {
  const { partBytes = defaultPartBytes, writeMemory = createWriteMemory(deps.log) } = deps;
  const whole = { ...deps, partBytes, writeMemory };
  const opens: readonly Open[] = boundPlaces(config.places).map((bound) => ({
    ...bound,
    depot: once(bound, whole),
  }));
  const publish = config.publish === undefined ? undefined : placeOf(config.publish);

  function find(address: string, among: readonly Open[], what = 'a store'): Spot {
    const place = placeOf(address);
    if (place === undefined) throw addressNotBound(address, 'is not written plainly', plainly);
    const found = among.find((candidate) => isWithin(place, candidate.place));
    if (found === undefined)
      throw addressNotBound(address, `is not below ${what} of this environment`, addStore);
    const key = place.segments.slice(found.place.segments.length).join('/');
    return { address, depot: found.depot(), key };
  }

  function file(spot: Spot): Spot {
    if (spot.key !== '' && !spot.address.endsWith('/')) return spot;
    throw addressNotBound(spot.address, 'names no file', 'Name a file below the prefix');
  }

  return {
    toRead: (address) => file(find(address, opens)),
    toWrite(address) {
      const place = placeOf(address);
      if (place === undefined || publish === undefined || !isBelow(place, publish)) {
        const where = config.publish === undefined ? 'nowhere' : `only below ${redactUrl(config.publish)}`;
        throw addressNotBound(
          address,
          `may not be written: this environment publishes ${where}`,
          'Set `publish:` of the environment to the prefix that models are published below',
        );
      }
      return file(
        find(
          address,
          opens.filter(({ binding }) => binding.readOnly !== true),
          'a store with writing',
        ),
      );
    },
    toList(prefix) {
      if (!prefix.endsWith('/')) throw addressNotBound(prefix, 'is no prefix', 'End it with a slash');
      const spot = find(prefix, opens);
      return { ...spot, key: spot.key === '' ? '' : `${spot.key}/` };
    },
  };
}

const plainly =
  'Write it as s3://bucket/key or as an absolute path, without "..", "//", "%", "?", "#" and backslashes';
const addStore =
  "Add the store to `stores:` of the environment in the server's configuration, with the credentials that it takes";

function isBelow(place: Place, prefix: Place): boolean {
  return isWithin(place, prefix) && place.segments.length > prefix.segments.length;
}

function once({ binding, place }: Bound<ModelBinding>, deps: S3DepotDeps & BoundStoresDeps): () => Depot {
  let made: Depot | undefined;
  return () => {
    made ??=
      place.scheme === ''
        ? createLocalDepot(pathOf(place.segments), deps.partBytes)
        : createS3Depot(s3ConfigOf(place.segments, binding, deps), deps);
    return made;
  };
}
