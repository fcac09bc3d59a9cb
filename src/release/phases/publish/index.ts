import type { Release } from '../../../domain/release.ts';
import { publicationText, readPublication } from '../../../formats/publication/publication.ts';
import { isOfModel, placeOf } from '../../publication.ts';
import type { Phase } from '../../phase.ts';
import type { ReleaseWorld } from '../../world.ts';
import { nextOfPublish, type CopyModel, type PublishSeen } from './next.ts';

const manifestBytes = 16 * 1024 * 1024;
/** Names below a prefix that are looked at; a model has at most ten thousand files. */
const mostNames = 10_100;

/** The model on its way to its immutable address. */
export const publish: Phase<PublishSeen, CopyModel> = {
  name: 'publish',

  async observe(release, world, signal) {
    const { model } = release;
    if (model === undefined) throw new Error('there is no model to publish');
    const place = placeOf(release, model, world.environment);
    const bytes = await world.models.read(place.manifest, manifestBytes, signal);
    const published = bytes && readPublication(bytes);
    const there = await world.models.list(place.prefix, mostNames, signal);
    const names = new Set(model.files.map(({ path }) => path));
    const found = new Set(there);
    return {
      // What is none of this model is in the way of its own, which is never written over it.
      published: published !== undefined && isOfModel(published, model, place) ? published : undefined,
      strangers: there.filter((name) => !names.has(name)),
      missing: [...names].filter((name) => !found.has(name)),
    };
  },

  next: nextOfPublish,

  perform: (_effect, release, world, signal) => copyModel(release, world, signal),
};

/** Copies what is missing, proves everything, and writes the manifest last. Doing it again changes nothing. */
async function copyModel(release: Release, world: ReleaseWorld, signal: AbortSignal): Promise<void> {
  const { model } = release;
  if (model === undefined) return;
  const { prefix, manifest, identity } = placeOf(release, model, world.environment);
  const files = [];
  for (const { path, from, size, digest } of model.files) {
    const copied = await world.models.copy({ from, to: `${prefix}${path}`, size, digest }, signal);
    files.push({ path, ...copied });
  }
  const text = publicationText({ uri: prefix, identity, files }, model.format);
  await world.models.write(manifest, Buffer.from(text), signal);
}
