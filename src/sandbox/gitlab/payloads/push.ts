import { resolveCommit, zeroSha, type RefChange } from '../../git/bare-repository.ts';
import { changedPaths, readCommits, type CommitInfo } from '../../git/history.ts';
import { projectPayload, repositoryPayload, webUrl } from '../projects/present.ts';
import type { Project, User } from '../state.ts';
import type { World } from '../world.ts';

/** A push hook carries the newest commits only (specs git-hosts 1.7). */
const maxCommits = 20;

/** The body of a Push Hook or Tag Push Hook. */
export async function pushPayload(
  world: World,
  project: Project,
  user: User,
  change: RefChange,
): Promise<Readonly<Record<string, unknown>>> {
  const isTag = change.ref.startsWith('refs/tags/');
  const commits = await pushedCommits(project, change);
  const newest = commits.slice(0, maxCommits).toReversed();
  const paths =
    newest.length === 0
      ? new Map()
      : await changedPaths(
          project.directory,
          newest.map((commit) => commit.id),
        );
  const checkout = change.new === zeroSha ? undefined : await resolveCommit(project.directory, change.new);
  const branch = change.ref.slice('refs/heads/'.length);
  return {
    object_kind: isTag ? 'tag_push' : 'push',
    event_name: isTag ? 'tag_push' : 'push',
    before: change.old,
    after: change.new,
    ref: change.ref,
    ref_protected: !isTag && project.protectedBranches.has(branch),
    checkout_sha: checkout ?? null,
    message: null,
    user_id: user.id,
    user_name: user.name,
    user_username: user.username,
    user_email: null,
    user_avatar: null,
    project_id: project.id,
    project: projectPayload(world, project),
    commits: newest.map((commit) => ({ ...shortCommit(world, project, commit), ...paths.get(commit.id) })),
    total_commits_count: commits.length,
    push_options: {},
    repository: repositoryPayload(world, project),
  };
}

/** What the Test button sends: the default branch and its newest three commits (specs git-hosts 1.6). */
export async function samplePush(world: World, project: Project): Promise<Readonly<Record<string, unknown>>> {
  const ref = `refs/heads/${project.settings.defaultBranch}`;
  const commits = await readCommits(project.directory, ['-3', ref]);
  const newest = commits[0]?.id ?? zeroSha;
  const oldest = commits.at(-1)?.id ?? zeroSha;
  return pushPayload(world, project, project.creator, { ref, old: oldest, new: newest });
}

/** Newest first; a new branch brings what the default branch does not have. */
async function pushedCommits(project: Project, change: RefChange): Promise<readonly CommitInfo[]> {
  if (change.new === zeroSha || change.ref.startsWith('refs/tags/')) return [];
  if (change.old !== zeroSha) return readCommits(project.directory, [`${change.old}..${change.new}`]);
  const main = `refs/heads/${project.settings.defaultBranch}`;
  const known = change.ref === main ? undefined : await resolveCommit(project.directory, main);
  return readCommits(project.directory, known === undefined ? [change.new] : [`${known}..${change.new}`]);
}

/** A commit as several bodies show it. */
export function shortCommit(
  world: World,
  project: Project,
  commit: CommitInfo,
): Readonly<Record<string, unknown>> {
  return {
    id: commit.id,
    message: commit.message,
    title: commit.title,
    timestamp: commit.date,
    url: `${webUrl(world, project)}/-/commit/${commit.id}`,
    author: { name: commit.authorName, email: '[REDACTED]' },
  };
}
