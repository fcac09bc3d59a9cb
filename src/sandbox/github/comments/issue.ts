import { presentLabel, pullPage } from '../pulls/present.ts';
import { apiOf } from '../repositories/urls.ts';
import type { Pull } from '../state-pulls.ts';
import { time } from '../times.ts';
import { authorAssociation } from '../users/association.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';
import { noReactions } from './present.ts';

/** A pull request as the issue that it is too: what comment events carry. */
export function presentIssue(world: World, pull: Pull): Readonly<Record<string, unknown>> {
  const { repository } = pull;
  const api = apiOf(world, repository);
  const url = `${api}/issues/${pull.number}`;
  const page = pullPage(world, pull);
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: pull.issueId,
    node_id: nodeId('PR', pull.id),
    number: pull.number,
    title: pull.title,
    user: presentUser(world, pull.user),
    labels: pull.labels.map((label) => presentLabel(world, repository, label)),
    state: pull.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: repository.comments.filter((comment) => comment.pull === pull).length,
    created_at: time(pull.createdAt),
    updated_at: time(pull.updatedAt),
    closed_at: time(pull.closedAt),
    author_association: authorAssociation(repository, pull.user),
    active_lock_reason: null,
    draft: pull.draft,
    pull_request: {
      url: `${api}/pulls/${pull.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: time(pull.mergedAt),
    },
    body: pull.body ?? null,
    reactions: noReactions(url),
    performed_via_github_app: null,
    state_reason: null,
  };
}
