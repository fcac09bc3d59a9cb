import type { z } from 'zod';
import { event, fromPush, ignored, malformed, quote } from '../../domain/delivery-meaning.ts';
import type { Audience, Meaning } from '../../domain/delivery-meaning.ts';
import { toSha } from '../../domain/repository.ts';
import type { Repository } from '../../domain/repository.ts';
import { Envelope, MergeRequestHook, NoteHook, PipelineHook, PushHook, readProjectId } from './schema.ts';
import type { Hook } from './schema.ts';

const ourActions = new Set([
  'open',
  'update',
  'reopen',
  'close',
  'merge',
  'approved',
  'unapproved',
  'approval',
  'unapproval',
]);

/** Turns a parsed body into an event. Total: whatever the body is, there is an answer. */
export function normalise(payload: unknown, audience: Audience): Meaning {
  const envelope = Envelope.safeParse(payload);
  const kind = envelope.success ? (envelope.data.object_kind ?? envelope.data.event_name) : undefined;
  switch (kind) {
    case 'merge_request':
      return read(MergeRequestHook, payload, audience, fromMergeRequest);
    case 'push':
      return read(PushHook, payload, audience, fromPush);
    case 'note':
      return read(NoteHook, payload, audience, fromNote);
    case 'pipeline':
      return read(PipelineHook, payload, audience, fromPipeline);
    case undefined:
      return malformed('the body has no object_kind: is a custom webhook template set?');
    default:
      return ignored(`events of kind ${quote(kind)} are not for us`);
  }
}

function read<T extends Hook>(
  schema: z.ZodType<T>,
  payload: unknown,
  audience: Audience,
  toMeaning: (hook: T, repository: Repository) => Meaning,
): Meaning {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join('.') ?? 'the body'}: ${issue?.message ?? 'not as expected'}`);
  }
  const id = readProjectId(payload);
  if (id === undefined) return malformed('project.id is missing');
  const path = parsed.data.project.path_with_namespace;
  const meaning = toMeaning(parsed.data, { host: audience.id, id: String(id), path });
  if (meaning.kind !== 'event' || audience.repositories(path)) return meaning;
  return ignored(`the configuration names no repository ${quote(path)}`);
}

function fromMergeRequest(hook: z.infer<typeof MergeRequestHook>, repository: Repository): Meaning {
  const { action, iid, last_commit: last } = hook.object_attributes;
  if (action !== undefined && !ourActions.has(action))
    return ignored(`the action ${quote(action)} is unknown`);
  return event({ kind: 'change-touched', repository, number: iid, head: toSha(last?.id) });
}

function fromNote(hook: z.infer<typeof NoteHook>, repository: Repository): Meaning {
  const note = hook.object_attributes;
  if (note.noteable_type !== 'MergeRequest') return ignored(`a note on ${quote(note.noteable_type)}`);
  if (note.system === true) return ignored('a note of GitLab itself');
  if (note.action !== undefined && note.action !== 'create') return ignored('a note that was edited');
  if (hook.event_type === 'confidential_note' || note.internal === true)
    return ignored('a confidential note');
  if (!/^\/modelgate[^\S\r\n]/.test(note.note)) return ignored('a note without a command on its first line');
  if (hook.merge_request === undefined) return malformed('merge_request is missing');
  return event({
    kind: 'command-given',
    repository,
    number: hook.merge_request.iid,
    commentId: String(note.id),
  });
}

function fromPipeline(hook: z.infer<typeof PipelineHook>, repository: Repository): Meaning {
  const pipeline = hook.object_attributes;
  if (pipeline.source === 'external') return ignored('a pipeline of statuses from outside, as ours are');
  if (pipeline.source === 'parent_pipeline') return ignored('a child pipeline');
  if (pipeline.tag === true) return ignored('a pipeline of a tag');
  const sha = toSha(pipeline.sha);
  if (sha === undefined) return malformed('object_attributes.sha is no commit id');
  return event({
    kind: 'pipeline-seen',
    repository,
    sha,
    pipelineId: String(pipeline.id),
    number: numberHere(hook, repository),
  });
}

/** A pipeline in a fork names a change of another repository: its number means nothing here. */
function numberHere(
  { merge_request: change }: z.infer<typeof PipelineHook>,
  here: Repository,
): number | undefined {
  if (change === null || change === undefined) return undefined;
  return String(change.target_project_id ?? here.id) === here.id ? change.iid : undefined;
}
