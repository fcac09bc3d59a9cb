import { z } from 'zod';

/* The fields of API answers that we use (specs git-hosts 3.4, 3.5, 4.2); what old versions lack is optional. */

const Id = z.int().positive();

/** `GET …/merge_requests/:iid`, and a row of the list. */
export const MergeRequest = z.object({
  iid: Id,
  title: z.string(),
  web_url: z.string(),
  state: z.string(),
  draft: z.boolean().optional(),
  work_in_progress: z.boolean().optional(),
  /** null until GitLab has prepared it, and when it has no commits. */
  sha: z.string().nullish(),
  merged_at: z.string().nullish(),
  source_project_id: Id.nullable(),
  target_project_id: Id,
  source_branch: z.string(),
  target_branch: z.string(),
  /** `full` is `group/project!7`. */
  references: z.object({ full: z.string() }),
});

/** `GET …/merge_requests/:iid/pipelines`. `project_id` is missing on old versions. */
export const Pipeline = z.object({
  id: Id,
  sha: z.string(),
  project_id: Id.optional(),
  source: z.string().nullish(),
});

/** `GET …/commits/:sha/statuses` and the answer of posting one. `pipeline_id` is missing on old versions. */
export const CommitStatus = z.object({
  id: Id,
  name: z.string(),
  status: z.string(),
  ref: z.string().nullish(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  pipeline_id: Id.nullish(),
  author: z.object({ id: Id }).nullish(),
});

/** `GET …/repository/branches/:branch` */
export const BranchAnswer = z.object({
  name: z.string(),
  default: z.boolean().optional(),
  commit: z.object({ id: z.string(), title: z.string().nullish(), web_url: z.string().nullish() }),
});

/** `GET /projects/:id`, of which the default branch is wanted; a project without commits has none. */
export const BranchedProject = z.object({
  path_with_namespace: z.string(),
  web_url: z.string(),
  default_branch: z.string().nullish(),
});

/** A deployment, as lists and the answers to writes have it. */
export const Deployment = z.object({
  id: Id,
  sha: z.string(),
  status: z.string(),
  user: z.object({ id: Id }).nullish(),
});

/** `GET …/environments`, one row. */
export const Environment = z.object({ id: Id, name: z.string(), external_url: z.string().nullish() });

/** A note below a merge request. */
export const Note = z.object({
  id: Id,
  body: z.string(),
  system: z.boolean().optional(),
  author: z.object({ id: Id, username: z.string() }).nullable(),
});

/** `GET …/members/all/:user_id`. */
export const Member = z.object({ access_level: z.number(), state: z.string() });

/** `GET /projects`. */
export const ProjectAnswer = z.object({ id: Id, path_with_namespace: z.string() });

/** `GET /projects/:id`, of which the origin of a fork is wanted. It is left out where the token may not see it. */
export const ForkAnswer = z.object({ forked_from_project: ProjectAnswer.nullish() });

/** `GET /projects/:id`, of which it is wanted who may see it. */
export const Visibility = z.object({
  visibility: z.string(),
  /** `private`: the code of a public project is for members. Old versions lack it. */
  repository_access_level: z.string().optional(),
});

/** `GET /users?username=…`: nobody, or one. */
export const FoundUsers = z.array(z.object({ id: Id, username: z.string(), state: z.string() }));

/** `GET /user`: who the token speaks for. */
export const CurrentUser = z.object({ id: Id });

/** A merge request as the API answers it, of it the fields that we use. */
export type MergeRequest = z.infer<typeof MergeRequest>;
/** A pipeline of a merge request, of it the fields that we use. */
export type Pipeline = z.infer<typeof Pipeline>;
/** A commit status; one of ours is told by its `name` and `author`. */
export type CommitStatus = z.infer<typeof CommitStatus>;
/** A deployment; one of ours is told by its `user`. */
export type Deployment = z.infer<typeof Deployment>;
/** A note below a merge request, ours or that of anybody. */
export type Note = z.infer<typeof Note>;
