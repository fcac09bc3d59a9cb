import type { Environment } from '../domain/environment.ts';
import type { PublishedModel, TrainedModel } from '../domain/model.ts';
import type { Release } from '../domain/release.ts';
import { digest } from './ids.ts';

/** Where a model is published: its address follows from its content, so that nothing is ever overwritten. */
export interface PublicationPlace {
  /** Ends in `/`. */
  readonly prefix: string;
  /** Beside the prefix, not below it: runtimes look at everything that is below (specs kubeflow-kserve 5.6). */
  readonly manifest: string;
  readonly identity: string;
}

/** The place of a model below the environment's publication prefix. */
export function placeOf(
  release: Release,
  model: TrainedModel,
  { publish = '' }: Environment,
): PublicationPlace {
  const name = release.plan?.production.serving?.service ?? release.repository.path.replaceAll('/', '-');
  const rows = model.files
    .map(({ path, digest: { algorithm, value } }) => `${path} ${algorithm}:${value}`)
    .toSorted();
  const identity = digest([model.format, ...rows]).slice(0, 32);
  const base = `${publish}${name}/${identity}`;
  return { prefix: `${base}/`, manifest: `${base}.json`, identity };
}

/**
 * Whether a publication that is at the place is that of the model: its address and every file of it, and no other file. An
 * MD5 that the model names is part of the identity, which is part of the address.
 */
export function isOfModel(published: PublishedModel, model: TrainedModel, place: PublicationPlace): boolean {
  const { uri, identity, files } = published;
  if (uri !== place.prefix || identity !== place.identity || files.length !== model.files.length)
    return false;
  const byPath = new Map(files.map((file) => [file.path, file]));
  return model.files.every(({ path, size, digest: { algorithm, value } }) => {
    const file = byPath.get(path);
    if (file === undefined || (size !== undefined && file.size !== size)) return false;
    return algorithm !== 'sha256' || file.sha256 === value;
  });
}
