import { presentApp } from '../apps/present.ts';
import { pullPage } from '../pulls/present.ts';
import { apiOf } from '../repositories/urls.ts';
import type { Comment } from '../state-pulls.ts';
import { time } from '../times.ts';
import { authorAssociation } from '../users/association.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';

/** A comment as answers and payloads show it. */
export function presentComment(world: World, comment: Comment): Readonly<Record<string, unknown>> {
  const { pull, app } = comment;
  const api = apiOf(world, pull.repository);
  const url = `${api}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pullPage(world, pull)}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${pull.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: presentUser(world, comment.user),
    created_at: time(comment.createdAt),
    updated_at: time(comment.updatedAt),
    author_association: authorAssociation(pull.repository, comment.user),
    body: comment.body,
    reactions: noReactions(url),
    performed_via_github_app: app === undefined ? null : presentApp(world, app),
  };
}

/** The counts of reactions, of which there are none here. */
export function noReactions(url: string): Readonly<Record<string, unknown>> {
  const names = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
  return { url: `${url}/reactions`, total_count: 0, ...Object.fromEntries(names.map((name) => [name, 0])) };
}
