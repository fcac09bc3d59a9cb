import { levelOf, requireUser, visibleMergeRequest, visibleProject } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, requiredText, textParam } from '../api/params.ts';
import { forbidden, notFound } from '../refusal.ts';
import type { MergeRequest, Note } from '../state.ts';
import { apiTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';
import { createNote, updateNote } from './write.ts';

const list = '/projects/:id/merge_requests/:iid/notes';
const one = '/projects/:id/merge_requests/:iid/notes/:note_id';

/** Comments of merge requests. */
export function noteRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: list, handle: listNotes },
    { method: 'POST', pattern: list, handle: create },
    {
      method: 'GET',
      pattern: one,
      handle: (call) => ok(presentNote(world, mergeRequestOf(world, call), noteOf(world, call))),
    },
    { method: 'PUT', pattern: one, handle: update },
    { method: 'DELETE', pattern: one, handle: remove },
  ];

  function listNotes(call: Call): Answer {
    const mergeRequest = mergeRequestOf(world, call);
    const by = choiceParam(call.params, 'order_by', ['created_at', 'updated_at']) ?? 'created_at';
    const sort = choiceParam(call.params, 'sort', ['asc', 'desc']) ?? 'desc';
    const filter = choiceParam(call.params, 'activity_filter', [
      'all_notes',
      'only_comments',
      'only_activity',
    ]);
    const key = by === 'created_at' ? 'createdAt' : 'updatedAt';
    const sorted = mergeRequest.notes
      .filter(
        (note) =>
          filter === undefined || filter === 'all_notes' || note.system === (filter === 'only_activity'),
      )
      .toSorted((a, b) => (a[key].getTime() - b[key].getTime() || a.id - b.id) * (sort === 'asc' ? 1 : -1));
    const path = `/projects/${mergeRequest.project.id}/merge_requests/${mergeRequest.iid}/notes`;
    return paged(world, call, path, sorted, (note) => presentNote(world, mergeRequest, note));
  }

  async function create(call: Call): Promise<Answer> {
    const mergeRequest = mergeRequestOf(world, call);
    const written = await createNote(world, actOf(call), mergeRequest, requiredText(call.params, 'body'));
    if (written.kind === 'note') return created(presentNote(world, mergeRequest, written.note));
    return { status: 202, body: { commands_changes: {}, summary: written.commands } };
  }

  async function update(call: Call): Promise<Answer> {
    const mergeRequest = mergeRequestOf(world, call);
    const note = ownNote(call);
    const body = textParam(call.params, 'body');
    if (body !== undefined) await updateNote(world, actOf(call), mergeRequest, { note, body });
    return ok(presentNote(world, mergeRequest, note));
  }

  function remove(call: Call): Answer {
    const note = ownNote(call);
    const { notes } = mergeRequestOf(world, call);
    notes.splice(notes.indexOf(note), 1);
    return { status: 204 };
  }

  /** Authors may change their comments, maintainers all; nobody a system note. */
  function ownNote(call: Call): Note {
    const user = requireUser(call.caller);
    const note = noteOf(world, call);
    const { project } = mergeRequestOf(world, call);
    if (note.system || (note.author !== user && (levelOf(project, user) ?? 0) < 40)) throw forbidden();
    return note;
  }
}

/** The merge request of a call. */
export function mergeRequestOf(world: World, call: Call): MergeRequest {
  const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
  return visibleMergeRequest(project, call.path['iid'] ?? '');
}

/** The note of a call. */
export function noteOf(world: World, call: Call): Note {
  const found = mergeRequestOf(world, call).notes.find((note) => String(note.id) === call.path['note_id']);
  if (found === undefined) throw notFound('Note');
  return found;
}

function presentNote(
  world: World,
  mergeRequest: MergeRequest,
  note: Note,
): Readonly<Record<string, unknown>> {
  return {
    id: note.id,
    type: null,
    body: note.body,
    attachment: null,
    author: presentUser(world, note.author),
    created_at: apiTime(note.createdAt),
    updated_at: apiTime(note.updatedAt),
    system: note.system,
    noteable_id: mergeRequest.id,
    noteable_type: 'MergeRequest',
    noteable_iid: mergeRequest.iid,
    project_id: mergeRequest.project.id,
    resolvable: false,
    confidential: false,
    internal: false,
    imported: false,
    commands_changes: {},
  };
}
