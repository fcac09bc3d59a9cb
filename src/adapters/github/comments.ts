import { RetryableError } from '../../errors.ts';
import type { Change } from '../../domain/change.ts';
import { isAnswer, orUndefined } from '../../net/host-answer.ts';
import type { Comments, PostedComment } from '../../ports/host.ts';
import { IssueComment } from './answers.ts';
import { readAnswer } from './client.ts';
import type { InRepository } from './in-repository.ts';
import type { Me } from './me.ts';
import { readPages } from './pages.ts';

/** Lists longer than this many pages of 100 are not read on. */
const maxPages = 100;

/** Comments of the issue that every pull request is. */
export function createGithubComments(repositories: InRepository, me: Me): Comments {
  const purpose = 'write';

  async function toPosted(comment: IssueComment, signal: AbortSignal): Promise<PostedComment> {
    const ours = comment.user?.login === (await me(signal));
    return { id: comment.id, text: comment.body ?? '', ours };
  }

  function send(change: Change, route: string, parameters: object, signal: AbortSignal) {
    const repositoryId = change.repository.id;
    return repositories.send({ repositoryId, route, parameters: { ...parameters }, purpose }, signal);
  }

  return {
    async read(change, id, signal) {
      const answer = await orUndefined(
        send(change, 'GET /issues/comments/{comment_id}', { comment_id: id }, signal),
      );
      if (answer === undefined) return undefined;
      return toPosted(readAnswer(IssueComment, answer.data, `comment ${id}`), signal);
    },
    async *list(change, signal) {
      const rows = readPages({ schema: IssueComment, what: 'a comment', maxPages }, (page) =>
        send(change, 'GET /issues/{issue_number}/comments', { issue_number: change.number, ...page }, signal),
      );
      for await (const comment of rows) yield await toPosted(comment, signal);
    },
    async create(change, text, signal) {
      const parameters = { issue_number: change.number, body: text };
      const answer = await send(change, 'POST /issues/{issue_number}/comments', parameters, signal);
      return { id: readAnswer(IssueComment, answer.data, 'the written comment').id, text, ours: true };
    },
    async edit(change, id, text, signal) {
      try {
        await send(change, 'PATCH /issues/comments/{comment_id}', { comment_id: id, body: text }, signal);
      } catch (thrown) {
        if (!isAnswer(thrown, 'host-not-found')) throw thrown;
        throw new RetryableError('the comment was deleted while it was being edited', { cause: thrown });
      }
    },
    async remove(change, id, signal) {
      await orUndefined(send(change, 'DELETE /issues/comments/{comment_id}', { comment_id: id }, signal));
    },
  };
}
