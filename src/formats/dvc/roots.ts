import posix from 'node:path/posix';

/** Directories with a tracked `.dvc/` in them, `''` for the top (specs dvc 3.4). */
export function findRoots(paths: Iterable<string>): ReadonlySet<string> {
  const roots = new Set<string>();
  for (const path of paths) {
    if (path.startsWith('.dvc/')) roots.add('');
    const at = path.indexOf('/.dvc/');
    if (at > 0) roots.add(path.slice(0, at));
  }
  return roots;
}

/** The nearest root at or above the file's directory; undefined: DVC cannot use the file. */
export function rootOf(path: string, roots: ReadonlySet<string>): string | undefined {
  let directory = posix.dirname(path);
  for (;;) {
    const name = directory === '.' ? '' : directory;
    if (roots.has(name)) return name;
    if (name === '') return undefined;
    directory = posix.dirname(name);
  }
}

/** What a file is to DVC by its path (specs dvc 1.1); undefined: nothing. */
export function metafileKind(path: string): 'dvc' | 'pipeline' | 'lock' | 'config' | undefined {
  if (path === '.dvc/config' || path.endsWith('/.dvc/config')) return 'config';
  if (path.startsWith('.dvc/') || path.includes('/.dvc/')) return undefined;
  const name = posix.basename(path);
  if (name === 'dvc.yaml') return 'pipeline';
  if (name === 'dvc.lock') return 'lock';
  return name.endsWith('.dvc') && name !== '.dvc' ? 'dvc' : undefined;
}
