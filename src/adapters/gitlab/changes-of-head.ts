import type { Sha } from '../../domain/repository.ts';
import type { ChangeId } from '../../ports/host.ts';
import { ForkAnswer, MergeRequest } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';
import { readPages } from './pages.ts';

/**
 * The open merge requests whose head is the commit: those of the project, and where it is a fork those of the project
 * it came from. GitLab lists every merge request that has the commit somewhere, merged ones too.
 * @throws UserError `host-not-found` when the project or the commit is not there.
 */
export async function changesOfHead(
  { client, named }: { readonly client: GitlabClient; readonly named: (path: string) => boolean },
  { repositoryId, sha }: { readonly repositoryId: string; readonly sha: Sha },
  signal: AbortSignal,
): Promise<readonly ChangeId[]> {
  const { projects } = client.with(signal);
  const project = readAnswer(ForkAnswer, await projects.show(repositoryId), `project ${repositoryId}`);
  const here = await openWithHead(client, repositoryId, sha, signal);
  const origin = project.forked_from_project;
  if (origin === null || origin === undefined || !named(origin.path_with_namespace)) return here;
  try {
    return [...here, ...(await openWithHead(client, String(origin.id), sha, signal))];
  } catch (thrown) {
    // A commit of the fork that nobody proposed: the other project does not know it.
    if (isAnswer(thrown, 'host-not-found')) return here;
    throw thrown;
  }
}

/** The merged merge requests that brought the commit into the project; those that were merged last come first. */
export async function mergedWith(
  client: GitlabClient,
  { repositoryId, sha }: { readonly repositoryId: string; readonly sha: Sha },
  signal: AbortSignal,
): Promise<readonly ChangeId[]> {
  const { commits } = client.with(signal);
  const rows = readPages(MergeRequest, 'a merge request of the commit', 10, (page) =>
    commits.allMergeRequests(repositoryId, sha, page),
  );
  const found: MergeRequest[] = [];
  for await (const row of rows) if (row.state === 'merged') found.push(row);
  return found
    .filter(({ target_project_id: target }) => String(target) === repositoryId)
    .toSorted((a, b) => timeOf(b) - timeOf(a) || b.iid - a.iid)
    .map(({ iid }) => ({ repositoryId, number: iid }));
}

/** Old versions do not say when. */
function timeOf({ merged_at: at }: MergeRequest): number {
  return at === null || at === undefined ? 0 : Date.parse(at);
}

async function openWithHead(
  client: GitlabClient,
  repositoryId: string,
  sha: Sha,
  signal: AbortSignal,
): Promise<readonly ChangeId[]> {
  const { commits } = client.with(signal);
  const rows = readPages(MergeRequest, 'a merge request of the commit', 10, (page) =>
    commits.allMergeRequests(repositoryId, sha, page),
  );
  const found: ChangeId[] = [];
  for await (const { iid, sha: head, state } of rows) {
    if (state === 'opened' && head === sha) found.push({ repositoryId, number: iid });
  }
  return found;
}
