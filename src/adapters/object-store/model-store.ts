import type { Log } from '../../log.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { Binding, BoundStoresDeps } from './binding.ts';
import { copyFile } from './models/copy-file.ts';
import type { Meter } from './models/copy-file.ts';
import { addressTaken, fileTooLarge, troubleError } from './models/refusals.ts';
import { createSpots } from './models/spots.ts';
import { writeFile } from './models/write-file.ts';
import type { WriteMemory } from './s3/write-rules.ts';

/** A store that may be reached; `readOnly` ones are never written to, also where they hold the publication prefix. */
export type ModelBinding = Binding & { readonly readOnly?: boolean };

/** What an environment may reach. */
export interface ModelStoreConfig {
  /** The longest url that holds an address counts. */
  readonly places: readonly ModelBinding[];
  /** Files are written below this prefix alone; undefined: nowhere. */
  readonly publish: string | undefined;
}

/** What stores need, and how files are copied. */
export type ModelStoreDeps = BoundStoresDeps & {
  readonly log: Pick<Log, 'warn'>;
  /** Bytes of the parts that files are copied in: of each copy two are in memory. 16 MiB by default. */
  readonly partBytes?: number;
  readonly meter?: Meter;
  /** What is known of stores beyond the life of this one. */
  readonly writeMemory?: WriteMemory;
};

/**
 * Reads and writes models by their addresses. An address outside of all places, or a write outside of `publish`, is
 * refused before anything is asked.
 * @throws UserError `remote-binding` when a place cannot be read.
 */
export function createModelStore(config: ModelStoreConfig, deps: ModelStoreDeps): ModelStore {
  const spots = createSpots(config, deps);
  const meter = deps.meter ?? (() => undefined);
  return {
    async stat(address, signal) {
      const { depot, key } = spots.toRead(address);
      const [state] = await depot.store.stat([{ key }], signal);
      if (state === undefined || state.kind === 'missing') return { kind: 'missing' };
      if (state.kind === 'unknown') throw troubleError(state, address);
      return { kind: 'present', size: state.size };
    },
    async list(prefix, limit, signal) {
      const { depot, key } = spots.toList(prefix);
      const names: string[] = [];
      for await (const step of depot.store.list(key, undefined, signal)) {
        if (step.kind === 'unknown') throw troubleError(step, prefix);
        // Names that end in a slash are what consoles make to show folders.
        const found = step.objects.map((object) => object.key.slice(key.length));
        names.push(...found.filter((name) => name !== '' && !name.endsWith('/')));
        if (names.length >= limit) break;
      }
      return names.slice(0, limit);
    },
    async read(address, maxBytes, signal) {
      const { depot, key } = spots.toRead(address);
      const content = await depot.store.get({ key }, maxBytes, signal);
      if (content.kind === 'missing') return undefined;
      if (content.kind === 'unknown') throw troubleError(content, address);
      if (content.kind === 'too-large') throw fileTooLarge(address, content.size, maxBytes);
      return content.bytes;
    },
    async copy(copy, signal) {
      const spotsOfCopy = { from: spots.toRead(copy.from), to: spots.toWrite(copy.to) };
      return copyFile(spotsOfCopy, copy, meter, signal);
    },
    async write(address, content, signal) {
      const same = await writeFile(spots.toWrite(address), content, signal);
      if (!same) throw addressTaken(address, 'its content is another one');
    },
  };
}
