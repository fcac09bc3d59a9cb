import { projectPayload, repositoryPayload } from '../projects/present.ts';
import type { MergeRequest, Note, User } from '../state.ts';
import { hookTime } from '../times.ts';
import type { World } from '../world.ts';
import { mergeRequestAttributes, mergeRequestUrl, userPayload } from './merge-request.ts';

/** The body of a Note Hook for a comment on a merge request. */
export async function notePayload(
  world: World,
  mergeRequest: MergeRequest,
  note: Note,
  event: { readonly user: User; readonly action: 'create' | 'update' },
): Promise<Readonly<Record<string, unknown>>> {
  const { project } = mergeRequest;
  return {
    object_kind: 'note',
    event_type: 'note',
    user: userPayload(event.user),
    project_id: project.id,
    project: projectPayload(world, project),
    object_attributes: {
      id: note.id,
      note: note.body,
      description: note.body,
      noteable_type: 'MergeRequest',
      noteable_id: mergeRequest.id,
      author_id: note.author.id,
      created_at: hookTime(note.createdAt),
      updated_at: hookTime(note.updatedAt),
      project_id: project.id,
      attachment: null,
      line_code: null,
      commit_id: null,
      discussion_id: note.id.toString(16).padStart(40, '0'),
      type: null,
      st_diff: null,
      system: note.system,
      action: event.action,
      url: `${mergeRequestUrl(world, mergeRequest)}#note_${note.id}`,
    },
    repository: repositoryPayload(world, project),
    merge_request: await mergeRequestAttributes(world, mergeRequest),
  };
}
