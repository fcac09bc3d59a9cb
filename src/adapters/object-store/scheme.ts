import { redactUrl } from '../../domain/redact-url.ts';
import type { DataRemote } from '../../ports/object-store.ts';

/** The scheme of a remote's url, lower-case; empty for a directory. */
export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** The answer to a remote of a kind that is not read yet. */
export function unsupportedScheme(
  scheme: string,
  remote: DataRemote,
): { readonly kind: 'unsupported'; readonly message: string; readonly remedy: string } {
  return {
    kind: 'unsupported',
    message: `remote ${remote.name} (${redactUrl(remote.url)}) is a remote of the kind ${scheme}; modelgate reads s3 remotes and directories`,
    remedy:
      'Its objects cannot be proven here: look with `dvc data status --not-in-remote --granular`, or keep the data in S3',
  };
}
