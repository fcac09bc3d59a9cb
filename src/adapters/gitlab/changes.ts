import type { Change } from '../../domain/change.ts';
import { toSha } from '../../domain/repository.ts';
import type { Repository } from '../../domain/repository.ts';
import type { Log } from '../../log.ts';
import type { Changes, OpenChange } from '../../ports/host.ts';
import { MergeRequest, Note, ProjectAnswer } from './answers.ts';
import { readBranch, readTip } from './branch-tip.ts';
import { changesOfHead, mergedWith } from './changes-of-head.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { orUndefined } from '../../net/host-answer.ts';
import { readPages } from './pages.ts';

/** Lists longer than this many pages of 100 are not read on. */
const maxPages = 100;

/** What reading changes needs. */
export interface ChangesDeps {
  readonly client: GitlabClient;
  readonly log: Log;
  /** Whether the configuration names the repository with this path. */
  readonly named: (path: string) => boolean;
}

/**
 * Merge requests as changes. Repositories are those that the user of the token is a member of, archived ones left out:
 * what a public instance lets anybody see is not walked.
 */
export function createGitlabChanges({ client, log, named }: ChangesDeps): Changes {
  return {
    async read(subject, signal) {
      // GitLab's merge trains run pipelines of the merge request itself.
      if (subject.kind === 'merge-group') return undefined;
      if (subject.kind === 'branch') return readBranch(client, subject, signal);
      const { repositoryId, number } = subject;
      const answer = await orUndefined(client.with(signal).mergeRequests.show(repositoryId, number));
      if (answer === undefined) return undefined;
      const found = readAnswer(MergeRequest, answer, `merge request ${number}`);
      const change = toChange(client.id, found);
      if (change === undefined)
        log.info({ change: found.references.full }, 'no commit, nothing to judge yet');
      return change;
    },
    async listOpen(repositoryId, limit, signal) {
      return (await orUndefined(listOpen(client, repositoryId, limit, signal))) ?? [];
    },
    async ofHead(repositoryId, sha, signal) {
      return (await orUndefined(changesOfHead({ client, named }, { repositoryId, sha }, signal))) ?? [];
    },
    listMergeGroups: async () => [],
    tip: (repositoryId, branch, signal) => readTip(client, { repositoryId, branch }, signal),
    mergedWith: async (repositoryId, sha, signal) =>
      (await orUndefined(mergedWith(client, { repositoryId, sha }, signal))) ?? [],
    repositories: (signal) => listRepositories(client, named, signal),
    async comment(repositoryId, number, commentId, signal) {
      const { notes } = client.with(signal);
      const answer = await orUndefined(notes.show(repositoryId, number, Number(commentId)));
      if (answer === undefined) return undefined;
      const { author, body, system } = readAnswer(Note, answer, `note ${commentId}`);
      if (system === true || author === null) return undefined;
      return { authorId: String(author.id), author: author.username, text: body };
    },
  };
}

/** undefined without a head: a push brings one, and its webhook or the sweep tells of it. */
function toChange(host: string, found: MergeRequest): Change | undefined {
  const head = toSha(found.sha);
  if (head === undefined) return undefined;
  const targetId = String(found.target_project_id);
  return {
    repository: { host, id: targetId, path: found.references.full.replace(/!\d+$/, '') },
    number: found.iid,
    reference: `!${found.iid}`,
    title: found.title,
    url: found.web_url,
    state: toState(found.state),
    draft: found.draft ?? found.work_in_progress ?? false,
    head,
    headRef: `refs/merge-requests/${found.iid}/head`,
    source: {
      repositoryId: found.source_project_id === null ? undefined : String(found.source_project_id),
      branch: found.source_branch,
      fork: found.source_project_id !== found.target_project_id,
    },
    targetBranch: found.target_branch,
  };
}

/** `locked` is a merge request that is being merged at this moment. */
function toState(state: string): Change['state'] {
  return state === 'merged' || state === 'closed' ? state : 'open';
}

async function listOpen(
  client: GitlabClient,
  projectId: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly OpenChange[]> {
  const { mergeRequests } = client.with(signal);
  const rows = readPages(MergeRequest, 'an open merge request', maxPages, (page) =>
    mergeRequests.all({ projectId, state: 'opened', orderBy: 'created_at', sort: 'desc', ...page }),
  );
  const open: OpenChange[] = [];
  if (limit < 1) return open;
  for await (const row of rows) {
    const head = toSha(row.sha);
    if (head !== undefined) open.push({ number: row.iid, head, targetBranch: row.target_branch });
    if (open.length >= limit) break;
  }
  return open;
}

async function listRepositories(
  client: GitlabClient,
  named: (path: string) => boolean,
  signal: AbortSignal,
): Promise<readonly Repository[]> {
  const { projects } = client.with(signal);
  const rows = readPages(ProjectAnswer, 'a project', maxPages, (page) =>
    projects.all({ membership: true, simple: true, archived: false, orderBy: 'id', sort: 'asc', ...page }),
  );
  const found: Repository[] = [];
  for await (const { id, path_with_namespace: path } of rows) {
    if (named(path)) found.push({ host: client.id, id: String(id), path });
  }
  return found;
}
