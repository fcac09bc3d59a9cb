import { RetryableError } from '../../errors.ts';
import type { Change } from '../../domain/change.ts';
import type { Comments, PostedComment } from '../../ports/host.ts';
import { Note } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';
import { readPages } from './pages.ts';

/** Lists longer than this many pages of 100 are not read on. */
const maxPages = 100;

/** Notes of a merge request as comments. */
export function createGitlabComments(client: GitlabClient): Comments {
  const toPosted = async (note: Note, signal: AbortSignal): Promise<PostedComment> => {
    const ours = note.author?.id === (await client.me(signal)) && note.system !== true;
    return { id: note.id, text: note.body, ours };
  };

  return {
    async read(change, id, signal) {
      try {
        const answer = await client.with(signal).notes.show(change.repository.id, numberOf(change), id);
        return await toPosted(readAnswer(Note, answer, `note ${id}`), signal);
      } catch (thrown) {
        if (isAnswer(thrown, 'host-not-found')) return undefined;
        throw thrown;
      }
    },
    async *list(change, signal) {
      const { notes } = client.with(signal);
      const rows = readPages(Note, 'a note', maxPages, (page) =>
        notes.all(change.repository.id, numberOf(change), { sort: 'asc', orderBy: 'created_at', ...page }),
      );
      for await (const note of rows) {
        if (note.system !== true) yield await toPosted(note, signal);
      }
    },
    async create(change, text, signal) {
      const answer = await client.with(signal).notes.create(change.repository.id, numberOf(change), text);
      return { id: readAnswer(Note, answer, 'the written note').id, text, ours: true };
    },
    async edit(change, id, text, signal) {
      try {
        await client.with(signal).notes.edit(change.repository.id, numberOf(change), id, { body: text });
      } catch (thrown) {
        if (!isAnswer(thrown, 'host-not-found')) throw thrown;
        throw new RetryableError('the comment was deleted while it was being edited', { cause: thrown });
      }
    },
    async remove(change, id, signal) {
      try {
        await client.with(signal).notes.remove(change.repository.id, numberOf(change), id);
      } catch (thrown) {
        // Another worker that met the same two was faster.
        if (!isAnswer(thrown, 'host-not-found')) throw thrown;
      }
    },
  };
}

function numberOf({ number }: Change): number {
  if (number === undefined) throw new Error('a merge group has no comments');
  return number;
}
