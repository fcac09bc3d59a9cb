import { readCommit } from '../../git/history.ts';
import type { Repository } from '../state.ts';
import { nodeId, type World } from '../world.ts';
import { apiOf, pageOf } from './urls.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A commit as answers show it. */
export async function presentCommit(world: World, repository: Repository, sha: string): Promise<Shown> {
  const commit = await readCommit(repository.directory, sha);
  const api = apiOf(world, repository);
  const url = `${api}/commits/${sha}`;
  const page = pageOf(world, repository);
  const person = { name: commit.authorName, email: commit.authorEmail, date: commit.date };
  return {
    sha,
    node_id: nodeId('C', sha),
    commit: {
      author: person,
      committer: person,
      message: commit.message.trimEnd(),
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
    },
    url,
    html_url: `${page}/commit/${sha}`,
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${page}/commit/${parent}`,
    })),
  };
}

/** A branch with its tip. */
export async function presentBranch(
  world: World,
  repository: Repository,
  branch: { readonly name: string; readonly sha: string },
): Promise<Shown> {
  const { name, sha } = branch;
  const api = `${apiOf(world, repository)}/branches/${name}`;
  const checks = (repository.protection.get(name)?.requiredChecks ?? []).map((check) => ({
    context: check.context,
    app_id: check.app?.id ?? null,
  }));
  return {
    name,
    commit: await presentCommit(world, repository, sha),
    _links: { self: api, html: `${pageOf(world, repository)}/tree/${name}` },
    protected: repository.protection.has(name),
    protection: {
      enabled: repository.protection.has(name),
      required_status_checks: {
        enforcement_level: checks.length === 0 ? 'off' : 'non_admins',
        contexts: checks.map((check) => check.context),
        checks,
      },
    },
    protection_url: `${api}/protection`,
  };
}
