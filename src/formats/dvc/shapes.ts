import type { FieldShape, ObjectShape, Shape } from '../schema/shape.ts';
import type { ScalarNode } from '../yaml/node.ts';

/** Anything at all: free data, or a value that a later look judges with a better message. */
export const anything: Shape = { kind: 'any' };

/** A text; a number or a bool, however it looks, has to be quoted. */
export const text: Shape = scalar('text', (node) => node.type === 'string');
/** `true` or `false` as DVC types them. */
export const flag: Shape = scalar('true or false', (node) => node.type === 'bool');
/** A text, or nothing written. */
export const textOrNull: Shape = scalar('text', (node) => node.type === 'string' || node.type === 'null');
const count: Shape = scalar('a whole number of at least 0', (node) => node.type === 'int' && node.value >= 0);

/** A scalar that `accepts` takes; `name` tells people what is expected. */
export function scalar(name: string, accepts: (node: ScalarNode) => boolean): Shape {
  return { kind: 'scalar', name, accepts };
}

/** A sequence of items of one shape; null is no list. */
export function list(item: Shape): Shape {
  return { kind: 'list', item, nullable: false };
}

/** A sequence, or nothing written. */
export function nullableList(item: Shape): Shape {
  return { kind: 'list', item, nullable: true };
}

/** A mapping of any keys to values of one shape; `nullable`: or nothing written. */
export function mapOf(value: Shape, nullable = false): Shape {
  return { kind: 'map', value, nullable };
}

/** The first of the shapes whose outer kind fits; `name` tells people what is expected. */
export function either(name: string, ...options: readonly Shape[]): Shape {
  return { kind: 'either', name, options };
}

/** An object from its fields; a name that ends in `!` is required. */
export function object(name: string, fields: Readonly<Record<string, Shape>>, nullable = false): ObjectShape {
  const known = new Map<string, FieldShape>();
  for (const [key, shape] of Object.entries(fields)) {
    const required = key.endsWith('!');
    known.set(required ? key.slice(0, -1) : key, { shape, required });
  }
  return { kind: 'object', name, fields: () => known, nullable };
}

/** Hashes are judged by `read-entry.ts`, which can say more of them than their type. */
const hashes = { md5: anything, etag: anything, checksum: anything };
const measures = { size: count, nfiles: count, isexec: flag };
const versions = {
  version_id: text,
  cloud: mapOf(object('a version in the cloud', { ...hashes, ...measures, version_id: text })),
};
const member = object('a file of a directory', { 'relpath!': text, ...hashes, ...measures, ...versions });
const tracked = { path: anything, hash: anything, ...hashes, ...measures, ...versions, files: list(member) };
const notes = { desc: text, type: text, labels: list(text), meta: anything };
/** Keys that DVC 3.0 removed: let through here, refused with the version by `read-dvc-file.ts`. */
const removed = { metric: anything, plot: anything, checkpoint: anything };

const output = object('an output', {
  ...tracked,
  ...notes,
  ...removed,
  cache: flag,
  push: flag,
  remote: text,
  persist: flag,
  fs_config: mapOf(anything, true),
});

const imported = object('a repository to import from', {
  'url!': text,
  rev: text,
  rev_lock: text,
  config: either('a path or settings', text, mapOf(anything)),
  remote: either('a name or settings', text, mapOf(anything)),
});

const dependency = object('a dependency', {
  ...tracked,
  persist: flag,
  fs_config: mapOf(anything, true),
  params: anything,
  repo: imported,
  db: object('a database', { connection: text, query: text, table: text, file_format: text }),
});

/** A `.dvc` file (specs dvc 1.2 to 1.4). */
export const dvcFileShape: ObjectShape = object('a .dvc file', {
  outs: nullableList(output),
  deps: nullableList(dependency),
  wdir: textOrNull,
  md5: anything,
  frozen: flag,
  locked: flag,
  always_changed: flag,
  desc: text,
  meta: anything,
  cmd: anything,
});

const lockEntry = object('an entry of dvc.lock', { ...tracked, 'path!': text, dataset: anything });

/** A `dvc.lock` of format 2.0 (specs dvc 2.4). */
export const lockFileShape: ObjectShape = object('dvc.lock', {
  'schema!': anything,
  stages: mapOf(
    object('a stage of dvc.lock', {
      'cmd!': either('a command', text, list(text)),
      deps: nullableList(lockEntry),
      outs: nullableList(lockEntry),
      params: mapOf(mapOf(anything, true)),
    }),
    true,
  ),
  datasets: anything,
});
