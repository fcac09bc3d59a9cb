import { z } from 'zod';

/*
 * The fields of webhook bodies that we use (specs git-hosts 1.7). What old versions lack is optional; what decides
 * whether a delivery is ours to act on is never nullable, so that a garbled body is malformed and not taken for another.
 */

const Id = z.int().positive();
const Project = z.object({ id: Id.optional(), path_with_namespace: z.string().min(1) });

/** Every hook names its project; old ones and system hooks give its id only beside it. */
const Hook = z.object({ project_id: Id.optional(), project: Project });

/** Says what the delivery is; system hooks have only `event_name`. */
export const Envelope = z.object({ object_kind: z.string().optional(), event_name: z.string().optional() });

/** What every hook has that we use. */
export type Hook = z.infer<typeof Hook>;

/** The id of the hook's project, undefined when the body names none. */
export function readProjectId(payload: unknown): number | undefined {
  const hook = Hook.safeParse(payload);
  return hook.success ? (hook.data.project.id ?? hook.data.project_id) : undefined;
}

/** `object_kind: merge_request`. */
export const MergeRequestHook = Hook.extend({
  object_attributes: z.object({
    iid: Id,
    action: z.string().optional(),
    last_commit: z.object({ id: z.string() }).nullish(),
  }),
});

/** `object_kind: push`, branches only; tags are `tag_push`. */
export const PushHook = Hook.extend({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
});

/** `object_kind: note`: a comment on anything. */
export const NoteHook = Hook.extend({
  event_type: z.string().optional(),
  object_attributes: z.object({
    id: Id,
    note: z.string(),
    noteable_type: z.string(),
    action: z.string().optional(),
    system: z.boolean().optional(),
    internal: z.boolean().optional(),
  }),
  merge_request: z.object({ iid: Id }).optional(),
});

/** `object_kind: pipeline`. */
export const PipelineHook = Hook.extend({
  object_attributes: z.object({
    id: Id,
    sha: z.string(),
    tag: z.boolean().optional(),
    source: z.string().optional(),
  }),
  merge_request: z.object({ iid: Id, target_project_id: Id.optional() }).nullish(),
});
