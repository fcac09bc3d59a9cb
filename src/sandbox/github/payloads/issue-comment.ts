import { presentComment } from '../comments/present.ts';
import { presentIssue } from '../comments/issue.ts';
import { callHooks } from '../hooks/send.ts';
import type { Comment } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';

/** Sends `issue_comment`; `from` is the text before an edit. */
export async function tellCommentHooks(
  world: World,
  act: Act,
  comment: Comment,
  event: { readonly action: 'created' | 'edited' | 'deleted'; readonly from?: string },
): Promise<void> {
  const { action, from } = event;
  await callHooks(world, act, comment.pull.repository, {
    event: 'issue_comment',
    action,
    permissions: ['issues', 'pull_requests'],
    payload: () => ({
      ...(from === undefined ? {} : { changes: { body: { from } } }),
      issue: presentIssue(world, comment.pull),
      comment: presentComment(world, comment),
    }),
  });
}
