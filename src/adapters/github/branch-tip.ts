import type { Change } from '../../domain/change.ts';
import { toSha } from '../../domain/repository.ts';
import type { BranchSubject } from '../../domain/subject.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { BranchTip } from '../../ports/host.ts';
import { BranchAnswer, RepositoryAnswer } from './answers.ts';
import { readAnswer } from './client.ts';
import type { Directory } from './directory.ts';
import type { InRepository } from './in-repository.ts';

/** What reading branches needs. */
export interface BranchDeps {
  /** The host's id in the server's configuration. */
  readonly id: string;
  readonly repositories: InRepository;
  readonly directory: Directory;
}

/** The tip of a branch, of the default branch where none is named; undefined: no such branch, or no commit. */
export async function readTip(
  deps: BranchDeps,
  { repositoryId, branch }: { readonly repositoryId: string; readonly branch: string | undefined },
  signal: AbortSignal,
): Promise<BranchTip | undefined> {
  const shown = await gone(deps.repositories.send({ repositoryId, route: 'GET ', purpose: 'read' }, signal));
  if (shown === undefined) return undefined;
  const found = readAnswer(RepositoryAnswer, shown.data, `repository ${repositoryId}`);
  const name = branch ?? found.default_branch;
  if (name === undefined) return undefined;
  const tip = await askBranch(deps, { repositoryId, branch: name }, signal);
  const sha = toSha(tip?.commit.sha);
  if (sha === undefined) return undefined;
  const repository = { host: deps.id, id: repositoryId, path: found.full_name };
  return { repository, branch: name, sha, isDefault: name === found.default_branch };
}

/** The branch as something to be judged; undefined: it is gone. */
export async function readBranch(
  deps: BranchDeps,
  { repositoryId, branch }: BranchSubject,
  signal: AbortSignal,
): Promise<Change | undefined> {
  const tip = await askBranch(deps, { repositoryId, branch }, signal);
  const repository = await deps.directory.find(repositoryId, signal);
  const head = toSha(tip?.commit.sha);
  if (tip === undefined || head === undefined || repository === undefined) return undefined;
  const [title = ''] = tip.commit.commit.message.split('\n', 1);
  return {
    repository: { host: deps.id, id: repositoryId, path: `${repository.owner}/${repository.name}` },
    number: undefined,
    reference: branch,
    title: title.trim() === '' ? branch : title.trim(),
    url: tip.commit.html_url,
    state: 'open',
    draft: false,
    head,
    headRef: `refs/heads/${branch}`,
    source: { repositoryId, branch, fork: false },
    targetBranch: branch,
  };
}

/** Of a branch's name only the slashes belong into an address as they are. */
export function asPath(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/');
}

async function askBranch(
  { repositories }: BranchDeps,
  { repositoryId, branch }: { readonly repositoryId: string; readonly branch: string },
  signal: AbortSignal,
): Promise<BranchAnswer | undefined> {
  const parameters = { branch: asPath(branch) };
  const route = 'GET /branches/{+branch}';
  const answer = await gone(repositories.send({ repositoryId, route, parameters, purpose: 'read' }, signal));
  return answer && readAnswer(BranchAnswer, answer.data, `branch ${branch}`);
}

/** A branch that was renamed is answered with a redirect: the one that was asked for is gone. */
async function gone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found', 'host-redirect')) return undefined;
    throw thrown;
  }
}
