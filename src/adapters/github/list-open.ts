import { toSha } from '../../domain/repository.ts';
import type { OpenChange } from '../../ports/host.ts';
import { PullRequest } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { readPages } from './pages.ts';

/** Lists longer than this many pages of 100 are not read on. */
const maxPages = 100;

/** Open pull requests, newest first, at most `limit`. */
export async function listOpen(
  repositories: InRepository,
  repositoryId: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly OpenChange[]> {
  const open: OpenChange[] = [];
  if (limit < 1) return open;
  const wanted = { state: 'open', sort: 'created', direction: 'desc' };
  const rows = readPages({ schema: PullRequest, what: 'an open pull request', maxPages }, (page) =>
    repositories.send(
      { repositoryId, route: 'GET /pulls', parameters: { ...wanted, ...page }, purpose: 'read' },
      signal,
    ),
  );
  for await (const { number, head, base } of rows) {
    const sha = toSha(head.sha);
    if (sha !== undefined) open.push({ number, head: sha, targetBranch: base.ref });
    if (open.length >= limit) break;
  }
  return open;
}
