import type { Repository } from '../state.ts';
import { time } from '../times.ts';
import { presentUser } from '../users/present.ts';
import { fullName, nodeId, type World } from '../world.ts';
import { repositoryUrls } from './urls.ts';

/** A repository as answers and most payloads show it. */
export function presentRepository(world: World, repository: Repository): Readonly<Record<string, unknown>> {
  const openIssues = repository.pulls.filter((pull) => pull.state === 'open').length;
  const forks = world.repositories.filter((entry) => entry.forkedFrom === repository).length;
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: presentUser(world, repository.owner),
    description: null,
    fork: repository.forkedFrom !== undefined,
    ...repositoryUrls(world, repository),
    created_at: time(repository.createdAt),
    updated_at: time(repository.updatedAt),
    pushed_at: time(repository.pushedAt),
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** A repository alone, with what only the single view has. */
export function presentRepositoryFully(
  world: World,
  repository: Repository,
): Readonly<Record<string, unknown>> {
  const parent = repository.forkedFrom;
  return {
    ...presentRepository(world, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(parent === undefined
      ? {}
      : { parent: presentRepository(world, parent), source: presentRepository(world, parent) }),
  };
}

/** A repository in five fields, as installation events list them. */
export function presentRepositoryBriefly(repository: Repository): Readonly<Record<string, unknown>> {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  };
}
