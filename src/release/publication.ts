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

/** What is written last, when everything else is proven. The same model has the same text, whoever publishes it. */
export function publicationText(published: PublishedModel, format: string): string {
  const { uri, identity, files } = published;
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return `${JSON.stringify({ version: 1, uri, identity, format, files: sorted }, undefined, 2)}\n`;
}

/** Reads `publicationText`; undefined: it is none. */
export function readPublication(bytes: Buffer, place: PublicationPlace): PublishedModel | undefined {
  try {
    const { version, uri, identity, files } = JSON.parse(bytes.toString('utf8')) as Partial<
      PublishedModel & { readonly version: number }
    >;
    const ours = version === 1 && uri === place.prefix && identity === place.identity && Array.isArray(files);
    return ours ? { uri, identity, files } : undefined;
  } catch {
    return undefined;
  }
}
