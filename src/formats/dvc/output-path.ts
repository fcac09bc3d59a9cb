import { joinPath } from './join-path.ts';

/** Where a `path` of a metafile points to. Paths inside are relative to the repository, without `./` and a final `/`. */
export type OutputPath =
  | { readonly kind: 'inside'; readonly path: string }
  | { readonly kind: 'external' }
  | { readonly kind: 'escapes' };

/** Where paths count from: the metafile's directory, its `wdir`, and the DVC root they may not leave. */
export interface PathBase {
  readonly directory: string;
  readonly wdir: string | undefined;
  readonly root: string;
}

/** Resolves a path as DVC does, POSIX separators (specs dvc 1.6). */
export function resolveOutput(path: string, base: PathBase): OutputPath {
  if (/^\w+:\/\//.test(path)) return { kind: 'external' };
  if (path.startsWith('/') || (base.wdir ?? '').startsWith('/')) return { kind: 'escapes' };
  const joined = joinPath(base.directory, base.wdir ?? '', path);
  if (joined === '..' || joined.startsWith('../')) return { kind: 'escapes' };
  const inRoot = base.root === '' || joined.startsWith(`${base.root}/`);
  return inRoot && joined !== '.' ? { kind: 'inside', path: joined } : { kind: 'escapes' };
}
