import { isAtLeast, openRepository, roleOf } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { requiredText } from '../api/params.ts';
import { forbidden, notFound } from '../refusal.ts';
import { pullOf } from '../pulls/routes.ts';
import type { Comment } from '../state-pulls.ts';
import type { World } from '../world.ts';
import { presentIssue } from './issue.ts';
import { presentComment } from './present.ts';
import { createComment, deleteComment, editComment } from './write.ts';

const reading = { any: ['issues', 'pull_requests'], access: 'read' } as const;
/** Who may read may comment; what a token may do is another matter. */
const writing = { any: ['issues', 'pull_requests'], access: 'write', role: 'read' } as const;
const list = '/repos/:owner/:repo/issues/:number/comments';
const one = '/repos/:owner/:repo/issues/comments/:id';

/** Comments below pull requests. */
export function commentRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: one, handle: (call) => ok(presentComment(world, commentOf(call, reading))) },
    { method: 'PATCH', pattern: one, handle: update },
    { method: 'DELETE', pattern: one, handle: remove },
    { method: 'GET', pattern: list, handle: listComments },
    { method: 'POST', pattern: list, handle: create },
    { method: 'GET', pattern: '/repos/:owner/:repo/issues/:number', handle: showIssue },
  ];

  function listComments(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    const pull = pullOf(repository, call.path['number'] ?? '');
    const since = Date.parse(call.query.get('since') ?? '1970-01-01T00:00:00Z');
    const wanted = repository.comments.filter(
      (comment) => comment.pull === pull && comment.updatedAt.getTime() >= since,
    );
    return paged(call, wanted, (comment) => presentComment(world, comment));
  }

  async function create(call: Call): Promise<Answer> {
    const pull = pullOf(openRepository(world, call, writing), call.path['number'] ?? '');
    const comment = await createComment(world, actOf(call), pull, requiredText(call.params, 'body'));
    return created(presentComment(world, comment));
  }

  async function update(call: Call): Promise<Answer> {
    const comment = ownComment(call);
    await editComment(world, actOf(call), comment, requiredText(call.params, 'body'));
    return ok(presentComment(world, comment));
  }

  async function remove(call: Call): Promise<Answer> {
    await deleteComment(world, actOf(call), ownComment(call));
    return { status: 204 };
  }

  function showIssue(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    return ok(presentIssue(world, pullOf(repository, call.path['number'] ?? '')));
  }

  /** Authors change their comments; those of others only who may write to the repository. An App's permission is enough. */
  function ownComment(call: Call): Comment {
    const comment = commentOf(call, writing);
    const { user, app } = actOf(call);
    const mayOthers = app !== undefined || isAtLeast(roleOf(comment.pull.repository, user), 'write');
    if (comment.user === user || mayOthers) return comment;
    throw forbidden('Must have admin rights to Repository.');
  }

  function commentOf(call: Call, needs: typeof reading | typeof writing): Comment {
    const repository = openRepository(world, call, needs);
    const found = repository.comments.find((comment) => String(comment.id) === call.path['id']);
    if (found === undefined) throw notFound();
    return found;
  }
}
