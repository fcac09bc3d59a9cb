import { changedPaths, readCommit, type CommitInfo } from '../../git/history.ts';
import { pageOf } from '../repositories/urls.ts';
import type { Repository } from '../state.ts';
import type { World } from '../world.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A commit in a few fields, as check suites and merge groups show their head. */
export async function headCommit(repository: Repository, sha: string): Promise<Shown> {
  const commit = await readCommit(repository.directory, sha);
  const person = { name: commit.authorName, email: commit.authorEmail };
  const { id, message, date } = commit;
  return {
    id,
    tree_id: commit.tree,
    message: message.trimEnd(),
    timestamp: date,
    author: person,
    committer: person,
  };
}

/** Commits as a push lists them, with the paths they touched. */
export async function pushCommits(
  world: World,
  repository: Repository,
  commits: readonly CommitInfo[],
): Promise<readonly Shown[]> {
  if (commits.length === 0) return [];
  const ids = commits.map((commit) => commit.id);
  const paths = await changedPaths(repository.directory, ids);
  return commits.map((commit) => {
    const login = world.users.find((user) => user.name === commit.authorName)?.login;
    const username = login === undefined ? {} : { username: login };
    const person = { name: commit.authorName, email: commit.authorEmail, ...username };
    return {
      id: commit.id,
      tree_id: commit.tree,
      distinct: true,
      message: commit.message.trimEnd(),
      timestamp: commit.date,
      url: `${pageOf(world, repository)}/commit/${commit.id}`,
      author: person,
      committer: person,
      ...paths.get(commit.id),
    };
  });
}
