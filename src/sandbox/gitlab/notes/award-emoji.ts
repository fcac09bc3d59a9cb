import { requireUser } from '../access.ts';
import { created, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { requiredText } from '../api/params.ts';
import { notFound } from '../refusal.ts';
import type { Award, Note } from '../state.ts';
import { apiTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';
import { mergeRequestOf, noteOf } from './routes.ts';

const pattern = '/projects/:id/merge_requests/:iid/notes/:note_id/award_emoji';

/** Emojis on notes. */
export function awardRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern, handle: list },
    { method: 'POST', pattern, handle: award },
  ];

  function list(call: Call): Answer {
    const { project, iid } = mergeRequestOf(world, call);
    const note = noteOf(world, call);
    const path = `/projects/${project.id}/merge_requests/${iid}/notes/${note.id}/award_emoji`;
    return paged(world, call, path, note.awards, (entry) => present(note, entry));
  }

  /** The same emoji of the same user a second time is a 404, as odd as that is. */
  function award(call: Call): Answer {
    const user = requireUser(call.caller);
    const note = noteOf(world, call);
    const name = requiredText(call.params, 'name');
    if (!/^[a-z0-9_+-]+$/.test(name)) throw notFound('Award Emoji Name is not a valid emoji name');
    if (note.awards.some((entry) => entry.name === name && entry.user === user)) {
      throw notFound('Award Emoji Name has already been taken');
    }
    const added = { id: world.nextId(), name, user, createdAt: world.now() };
    note.awards.push(added);
    return created(present(note, added));
  }

  function present(note: Note, entry: Award): Readonly<Record<string, unknown>> {
    return {
      id: entry.id,
      name: entry.name,
      user: presentUser(world, entry.user),
      created_at: apiTime(entry.createdAt),
      updated_at: apiTime(entry.createdAt),
      awardable_id: note.id,
      awardable_type: 'Note',
    };
  }
}
