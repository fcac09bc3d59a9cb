import type { Sha } from '../../domain/repository.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { ChangeId } from '../../ports/host.ts';
import { PullRequest } from './answers.ts';
import type { InRepository } from './in-repository.ts';
import { listOpen } from './list-open.ts';
import { readPages } from './pages.ts';

/** Open pull requests that are looked through for a head. */
const mostOpen = 1000;

/** A commit of a repository. */
export interface OfCommit {
  readonly repositoryId: string;
  readonly sha: Sha;
}

/**
 * The open pull requests with this head. The list of a commit's pull requests has merged ones too, and leaves out those of
 * forks, whose commits no branch here has: then all open ones are looked through.
 */
export async function ofHead(
  repositories: InRepository,
  { repositoryId, sha }: OfCommit,
  signal: AbortSignal,
): Promise<readonly ChangeId[]> {
  const listed = await listOfCommit(repositories, { repositoryId, sha }, signal);
  const found = listed.filter(
    ({ head, state, base }) => state === 'open' && head.sha === sha && String(base.repo.id) === repositoryId,
  );
  if (found.length > 0) return found.map(({ number }) => ({ repositoryId, number }));
  const open = await listOpen(repositories, repositoryId, mostOpen, signal);
  return open.filter(({ head }) => head === sha).map(({ number }) => ({ repositoryId, number }));
}

async function listOfCommit(
  repositories: InRepository,
  { repositoryId, sha }: OfCommit,
  signal: AbortSignal,
): Promise<readonly PullRequest[]> {
  const listed: PullRequest[] = [];
  const list = { schema: PullRequest, what: 'a pull request of the commit', maxPages: 10 };
  const route = 'GET /commits/{commit_sha}/pulls';
  const rows = readPages(list, (page) =>
    repositories.send(
      { repositoryId, route, parameters: { commit_sha: sha, ...page }, purpose: 'read' },
      signal,
    ),
  );
  try {
    for await (const pull of rows) listed.push(pull);
  } catch (thrown) {
    // 422 stands for a commit that is not there.
    if (!isAnswer(thrown, 'host-refused')) throw thrown;
  }
  return listed;
}

/** The merged pull requests that brought the commit into the repository; those that were merged last come first. */
export async function mergedWith(
  repositories: InRepository,
  { repositoryId, sha }: OfCommit,
  signal: AbortSignal,
): Promise<readonly ChangeId[]> {
  const listed = await listOfCommit(repositories, { repositoryId, sha }, signal);
  return listed
    .filter(
      ({ merged_at: merged, base }) => typeof merged === 'string' && String(base.repo.id) === repositoryId,
    )
    .toSorted((a, b) => Date.parse(b.merged_at ?? '') - Date.parse(a.merged_at ?? '') || b.number - a.number)
    .map(({ number }) => ({ repositoryId, number }));
}
