import type { Change } from '../../domain/change.ts';
import { toSha } from '../../domain/repository.ts';
import type { BranchSubject } from '../../domain/subject.ts';
import { orUndefined } from '../../net/host-answer.ts';
import type { BranchTip } from '../../ports/host.ts';
import { BranchAnswer, BranchedProject } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';

/** A branch of a project, the default branch where none is named. */
interface WantedBranch {
  readonly repositoryId: string;
  readonly branch: string | undefined;
}

/** The tip of a branch; undefined: there is no such branch, or no commit. */
export async function readTip(
  client: GitlabClient,
  wanted: WantedBranch,
  signal: AbortSignal,
): Promise<BranchTip | undefined> {
  const found = await findBranch(client, wanted, signal);
  const sha = toSha(found?.branch.commit.id);
  if (found === undefined || sha === undefined) return undefined;
  const { name } = found.branch;
  const repository = { host: client.id, id: wanted.repositoryId, path: found.project.path_with_namespace };
  return { repository, branch: name, sha, isDefault: name === found.project.default_branch };
}

/** The branch as something to be judged; undefined: it is gone. */
export async function readBranch(
  client: GitlabClient,
  { repositoryId, branch: name }: BranchSubject,
  signal: AbortSignal,
): Promise<Change | undefined> {
  const found = await findBranch(client, { repositoryId, branch: name }, signal);
  const head = toSha(found?.branch.commit.id);
  if (found === undefined || head === undefined) return undefined;
  const { branch, project } = found;
  const title = branch.commit.title?.trim() ?? '';
  return {
    repository: { host: client.id, id: repositoryId, path: project.path_with_namespace },
    number: undefined,
    reference: name,
    title: title === '' ? name : title,
    url: branch.commit.web_url ?? `${project.web_url}/-/commit/${head}`,
    state: 'open',
    draft: false,
    head,
    headRef: `refs/heads/${name}`,
    source: { repositoryId, branch: name, fork: false },
    targetBranch: name,
  };
}

async function findBranch(client: GitlabClient, wanted: WantedBranch, signal: AbortSignal) {
  const { branches, projects } = client.with(signal);
  const shown = await orUndefined(projects.show(wanted.repositoryId));
  if (shown === undefined) return undefined;
  const project = readAnswer(BranchedProject, shown, `project ${wanted.repositoryId}`);
  const name = wanted.branch ?? project.default_branch ?? undefined;
  if (name === undefined) return undefined;
  const answer = await orUndefined(branches.show(wanted.repositoryId, name));
  return answer && { project, branch: readAnswer(BranchAnswer, answer, `branch ${name}`) };
}
