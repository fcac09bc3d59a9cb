import type { Oid } from '../../domain/repository.ts';
import { RetryableError } from '../../errors.ts';
import type { Git } from './run-git.ts';

/**
 * Fetches blobs of a partial clone in one request: without negotiation, without anything they refer to.
 * @throws RetryableError when the remote did not give them.
 */
export async function fetchBlobs(
  network: { readonly git: Git; readonly remote: string },
  blobs: readonly Oid[],
  signal: AbortSignal,
): Promise<void> {
  const args = [
    '-c',
    'fetch.negotiationAlgorithm=noop',
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
  ];
  args.push('--no-auto-maintenance', '--filter=blob:none', '--stdin', network.remote);
  const call = { args, input: blobs.map((oid) => `${oid}\n`).join(''), timeoutMs: 300_000 };
  const { code, complaint } = await network.git(call, signal);
  if (code !== 0) {
    throw new RetryableError(
      `${blobs.length} files could not be fetched: ${complaint || `git fetch ended with ${code}`}`,
    );
  }
}
