import { authorAssociation } from '../users/association.ts';
import { presentRepository } from '../repositories/present.ts';
import { apiOf, pageOf } from '../repositories/urls.ts';
import type { Repository } from '../state.ts';
import type { Label, Pull } from '../state-pulls.ts';
import { time } from '../times.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';
import { mergeableState } from './mergeability.ts';

type Shown = Readonly<Record<string, unknown>>;

/** The page of a pull request. */
export function pullPage(world: World, pull: Pull): string {
  return `${pageOf(world, pull.repository)}/pull/${pull.number}`;
}

/** A pull request inside lists. */
export function presentPull(world: World, pull: Pull): Shown {
  const urls = urlsOf(world, pull);
  return {
    url: urls.url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    ...urls,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: presentUser(world, pull.user),
    body: pull.body ?? null,
    created_at: time(pull.createdAt),
    updated_at: time(pull.updatedAt),
    closed_at: time(pull.closedAt),
    merged_at: time(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map((label) => presentLabel(world, pull.repository, label)),
    milestone: null,
    draft: pull.draft,
    head: side(world, pull.headRepository, pull.headRef, pull.headSha, pull),
    base: side(world, pull.repository, pull.baseRef, pull.baseSha, pull),
    _links: linksOf(urls),
    author_association: authorAssociation(pull.repository, pull.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** One pull request, with what only the single view and the payloads have. */
export function presentPullFully(world: World, pull: Pull): Shown {
  const comments = pull.repository.comments.filter((comment) => comment.pull === pull).length;
  return {
    ...presentPull(world, pull),
    merged: pull.mergedAt !== undefined,
    mergeable: pull.state === 'closed' ? null : (pull.mergeable ?? null),
    rebaseable: pull.state === 'closed' ? null : (pull.mergeable ?? null),
    mergeable_state: mergeableState(pull),
    merged_by: presentUser(world, pull.mergedBy),
    comments,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: pull.stats.commits,
    additions: pull.stats.additions,
    deletions: pull.stats.deletions,
    changed_files: pull.stats.changedFiles,
  };
}

/** A pull request in a few fields, as check runs list them. */
export function presentPullBriefly(world: World, pull: Pull): Shown {
  const repo = (repository: Repository): Shown => ({
    id: repository.id,
    url: apiOf(world, repository),
    name: repository.name,
  });
  return {
    url: `${apiOf(world, pull.repository)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: { ref: pull.headRef, sha: pull.headSha, repo: repo(pull.headRepository ?? pull.repository) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: repo(pull.repository) },
  };
}

/** A label as it sits on a pull request. */
export function presentLabel(world: World, repository: Repository, label: Label): Shown {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${apiOf(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: 'ededed',
    default: false,
    description: '',
  };
}

function side(world: World, repository: Repository | undefined, ref: string, sha: string, pull: Pull): Shown {
  const owner = repository?.owner ?? pull.user;
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: presentUser(world, owner),
    repo: repository === undefined ? null : presentRepository(world, repository),
  };
}

function urlsOf(world: World, pull: Pull): Readonly<Record<string, string>> {
  const api = apiOf(world, pull.repository);
  const page = pullPage(world, pull);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
  };
}

function linksOf(urls: Readonly<Record<string, string>>): Shown {
  const names = ['html', 'issue', 'comments', 'review_comments', 'review_comment', 'commits', 'statuses'];
  const links = names.map((name) => [name, { href: urls[`${name}_url`] }]);
  return { self: { href: urls['url'] }, ...Object.fromEntries(links) };
}
