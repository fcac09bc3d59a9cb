import { lengthOf } from '../api/length.ts';
import { tellCommentHooks } from '../payloads/issue-comment.ts';
import { validationFailed } from '../refusal.ts';
import type { Comment, Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';

const maxLength = 65_536;

/** Writes a comment and tells the hooks. @throws Refusal 422 for a blank or too long one. */
export async function createComment(world: World, act: Act, pull: Pull, body: string): Promise<Comment> {
  requireBody(body);
  const now = world.now();
  const comment: Comment = {
    id: world.nextId(),
    pull,
    user: act.user,
    app: act.app,
    createdAt: now,
    body,
    updatedAt: now,
  };
  pull.repository.comments.push(comment);
  pull.updatedAt = now;
  await tellCommentHooks(world, act, comment, { action: 'created' });
  return comment;
}

/** Edits a comment and tells the hooks. @throws Refusal 422 for a blank or too long one. */
export async function editComment(world: World, act: Act, comment: Comment, body: string): Promise<void> {
  requireBody(body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.now();
  await tellCommentHooks(world, act, comment, { action: 'edited', from });
}

/** Removes a comment and tells the hooks. */
export async function deleteComment(world: World, act: Act, comment: Comment): Promise<void> {
  const { comments } = comment.pull.repository;
  comments.splice(comments.indexOf(comment), 1);
  await tellCommentHooks(world, act, comment, { action: 'deleted' });
}

function requireBody(body: string): void {
  const field = { resource: 'IssueComment', field: 'body' };
  if (body.trim() === '')
    throw validationFailed({ ...field, code: 'missing_field', message: "body can't be blank" });
  if (lengthOf(body) > maxLength) {
    const message = `body is too long (maximum is ${maxLength} characters)`;
    throw validationFailed({ ...field, code: 'unprocessable', message });
  }
}
