/**
 * Why a key may not be asked for, or undefined. Keys come from listings that anybody may have written: `..` would leave
 * the remote in a directory, and in a gateway that normalises paths.
 */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'the key is empty';
  if (key.startsWith('/')) return 'the key starts with "/"';
  if (key.includes('\0')) return 'the key contains a NUL character';
  if (/\p{Surrogate}/u.test(key)) return 'the key is not valid Unicode';
  if (key.split('/').some((segment) => segment === '.' || segment === '..'))
    return 'the key contains "." or ".."';
  return Buffer.byteLength(key) > 1024 ? 'the key is longer than 1024 bytes' : undefined;
}
