import type { Change } from '../../domain/change.ts';
import { toSha } from '../../domain/repository.ts';
import type { Repository } from '../../domain/repository.ts';
import type { MergeGroupSubject } from '../../domain/subject.ts';
import { orUndefined } from '../../net/host-answer.ts';
import type { Changes, OpenMergeGroup } from '../../ports/host.ts';
import { GitRef, IssueComment, PullRequest } from './answers.ts';
import { asPath, readBranch, readTip } from './branch-tip.ts';
import { mergedWith, ofHead } from './changes-of-commit.ts';
import { readAnswer } from './client.ts';
import type { Directory } from './directory.ts';
import type { InRepository } from './in-repository.ts';
import { listOpen } from './list-open.ts';
import { readPages } from './pages.ts';
import { queuePrefix } from './status-name.ts';

/** What reading changes needs. */
export interface ChangesDeps {
  /** The host's id in the server's configuration. */
  readonly id: string;
  /** As people open it. */
  readonly url: string;
  readonly repositories: InRepository;
  readonly directory: Directory;
}

/** Pull requests and merge groups as changes. Repositories are those of the App's installations, archived ones left out. */
export function createGithubChanges(deps: ChangesDeps): Changes {
  const { id: host, repositories, directory } = deps;
  const purpose = 'read';

  async function readPull(repositoryId: string, number: number, signal: AbortSignal) {
    const parameters = { pull_number: number };
    const route = 'GET /pulls/{pull_number}';
    const answer = await orUndefined(repositories.send({ repositoryId, route, parameters, purpose }, signal));
    if (answer === undefined) return undefined;
    return toChange(host, readAnswer(PullRequest, answer.data, `pull request ${number}`));
  }

  return {
    read(subject, signal) {
      switch (subject.kind) {
        case 'change':
          return readPull(subject.repositoryId, subject.number, signal);
        case 'merge-group':
          return readGroup(deps, subject, signal);
        case 'branch':
          return readBranch(deps, subject, signal);
        default:
          throw new Error(`unknown subject ${String(subject satisfies never)}`);
      }
    },
    listOpen: async (repositoryId, limit, signal) =>
      (await orUndefined(listOpen(repositories, repositoryId, limit, signal))) ?? [],
    listMergeGroups: async (repositoryId, signal) =>
      (await orUndefined(listGroups(repositories, repositoryId, signal))) ?? [],
    ofHead: async (repositoryId, sha, signal) =>
      (await orUndefined(ofHead(repositories, { repositoryId, sha }, signal))) ?? [],
    tip: (repositoryId, branch, signal) => readTip(deps, { repositoryId, branch }, signal),
    mergedWith: async (repositoryId, sha, signal) =>
      (await orUndefined(mergedWith(repositories, { repositoryId, sha }, signal))) ?? [],
    async repositories(signal): Promise<readonly Repository[]> {
      const known = await directory.list(signal);
      return known.map(({ id, owner, name }) => ({ host, id: String(id), path: `${owner}/${name}` }));
    },
    async comment(repositoryId, number, commentId, signal) {
      const parameters = { comment_id: Number(commentId) };
      const route = 'GET /issues/comments/{comment_id}';
      const answer = await orUndefined(
        repositories.send({ repositoryId, route, parameters, purpose }, signal),
      );
      if (answer === undefined) return undefined;
      const {
        user,
        body = '',
        issue_url: issue,
      } = readAnswer(IssueComment, answer.data, `comment ${commentId}`);
      // Apps are no people, and the id alone could be a comment elsewhere in the repository.
      if (user === null || user === undefined || user.type === 'Bot') return undefined;
      if (issue !== undefined && !issue.endsWith(`/${number}`)) return undefined;
      return { authorId: user.login, author: user.login, text: body };
    },
  };
}

function toChange(host: string, found: PullRequest): Change | undefined {
  const head = toSha(found.head.sha);
  if (head === undefined) return undefined;
  const { base, number } = found;
  return {
    repository: { host, id: String(base.repo.id), path: base.repo.full_name },
    number,
    reference: `#${number}`,
    title: found.title,
    url: found.html_url,
    state: typeof found.merged_at === 'string' ? 'merged' : found.state === 'closed' ? 'closed' : 'open',
    draft: found.draft ?? false,
    head,
    headRef: `refs/pull/${number}/head`,
    source: {
      repositoryId: found.head.repo === null ? undefined : String(found.head.repo.id),
      branch: found.head.ref,
      fork: found.head.repo?.id !== base.repo.id,
    },
    targetBranch: base.ref,
  };
}

/** The merge group as its branch stands; undefined once the queue has removed the branch. */
async function readGroup(
  { id: host, url, repositories, directory }: ChangesDeps,
  { repositoryId, branch }: MergeGroupSubject,
  signal: AbortSignal,
): Promise<Change | undefined> {
  const [, targetBranch] = /^gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]+$/.exec(branch) ?? [];
  const parameters = { ref: `heads/${asPath(branch)}` };
  const asked = repositories.send(
    { repositoryId, route: 'GET /git/ref/{+ref}', parameters, purpose: 'read' },
    signal,
  );
  const answer = await orUndefined(asked);
  const repository = await directory.find(repositoryId, signal);
  if (answer === undefined || repository === undefined || targetBranch === undefined) return undefined;
  const head = toSha(readAnswer(GitRef, answer.data, `branch ${branch}`).object.sha);
  if (head === undefined) return undefined;
  const path = `${repository.owner}/${repository.name}`;
  return {
    repository: { host, id: repositoryId, path },
    number: undefined,
    reference: branch,
    title: `Merge queue of ${targetBranch}`,
    url: `${url.replace(/\/+$/, '')}/${path}/queue/${encodeURIComponent(targetBranch)}`,
    state: 'open',
    draft: false,
    head,
    headRef: `refs/heads/${branch}`,
    source: { repositoryId, branch, fork: false },
    targetBranch,
  };
}

async function listGroups(
  repositories: InRepository,
  repositoryId: string,
  signal: AbortSignal,
): Promise<readonly OpenMergeGroup[]> {
  const parameters = { ref: `heads/${queuePrefix}` };
  const rows = readPages({ schema: GitRef, what: 'a branch of a merge queue', maxPages: 1 }, () =>
    repositories.send(
      { repositoryId, route: 'GET /git/matching-refs/{+ref}', parameters, purpose: 'read' },
      signal,
    ),
  );
  const groups: OpenMergeGroup[] = [];
  for await (const { ref, object } of rows) {
    const head = toSha(object.sha);
    if (head !== undefined) groups.push({ branch: ref.replace(/^refs\/heads\//, ''), head });
  }
  return groups;
}
