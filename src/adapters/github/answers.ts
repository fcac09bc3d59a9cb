import { z } from 'zod';

/* The fields of API answers that we use (specs git-hosts 3.1 to 3.4, 4.1). */

const Id = z.int().positive();

/** A repository, as lists of an installation and the repository itself have it. */
export const RepositoryAnswer = z.object({
  id: Id,
  full_name: z.string(),
  archived: z.boolean().optional(),
  private: z.boolean().optional(),
  pushed_at: z.string().nullish(),
  default_branch: z.string().optional(),
});

/** `GET /installation/repositories` */
export const InstallationRepositories = z.object({ repositories: z.array(RepositoryAnswer) });

/** `GET /app/installations`, one row. */
export const Installation = z.object({ id: Id, suspended_at: z.string().nullish() });

/** `GET /app`: our comments are those of `<slug>[bot]`. */
export const AppAnswer = z.object({ slug: z.string() });

/** `GET /user`: who a token speaks for. */
export const CurrentUser = z.object({ login: z.string() });

const Branch = z.object({ ref: z.string(), repo: z.object({ id: Id }).nullable() });

/** `GET …/pulls/{pull_number}`, and rows of lists. */
export const PullRequest = z.object({
  number: Id,
  title: z.string(),
  html_url: z.string(),
  state: z.string(),
  draft: z.boolean().optional(),
  merged_at: z.string().nullish(),
  head: Branch.extend({ sha: z.string() }),
  base: Branch.extend({ repo: z.object({ id: Id, full_name: z.string() }) }),
});

/** `GET …/git/ref/{ref}`, and rows of `matching-refs`. */
export const GitRef = z.object({ ref: z.string(), object: z.object({ sha: z.string() }) });

/** `GET …/branches/{branch}` */
export const BranchAnswer = z.object({
  name: z.string(),
  commit: z.object({ sha: z.string(), html_url: z.string(), commit: z.object({ message: z.string() }) }),
});

/** A deployment. Old servers give the payload back as the text that it was sent as. */
export const Deployment = z.object({
  id: Id,
  sha: z.string(),
  payload: z.unknown(),
  creator: z.object({ login: z.string() }).nullish(),
});

/** A status of a deployment. */
export const DeploymentStatusAnswer = z.object({
  id: Id,
  state: z.string(),
  description: z.string().nullish(),
  log_url: z.string().nullish(),
  environment_url: z.string().nullish(),
});

/** A comment below a pull request. */
export const IssueComment = z.object({
  id: Id,
  body: z.string().optional(),
  issue_url: z.string().optional(),
  user: z.object({ login: z.string(), type: z.string().optional() }).nullish(),
});

/** `GET …/collaborators/{username}/permission`: `permission` also tells what a role of one's own allows. */
export const PermissionAnswer = z.object({ permission: z.string() });

/** A check run. */
export const CheckRun = z.object({
  id: Id,
  status: z.string(),
  conclusion: z.string().nullable(),
  external_id: z.string().nullish(),
  details_url: z.string().nullish(),
  output: z.object({
    title: z.string().nullish(),
    summary: z.string().nullish(),
    annotations_count: z.number(),
  }),
});

/** `GET …/commits/{ref}/check-runs` */
export const CheckRuns = z.object({ check_runs: z.array(CheckRun) });

/** `GET …/check-runs/{check_run_id}/annotations`, one row. */
export const CheckAnnotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  annotation_level: z.string().nullable(),
  title: z.string().nullable(),
});

/** A commit status, newest first in lists. */
export const CommitStatus = z.object({
  context: z.string(),
  state: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

/** A pull request as the API answers it, of it the fields that we use. */
export type PullRequest = z.infer<typeof PullRequest>;
/** A branch with its tip. */
export type BranchAnswer = z.infer<typeof BranchAnswer>;
/** A deployment; ours is told by its payload and creator. */
export type Deployment = z.infer<typeof Deployment>;
/** A status of a deployment. */
export type DeploymentStatusAnswer = z.infer<typeof DeploymentStatusAnswer>;
/** A comment below a pull request. */
export type IssueComment = z.infer<typeof IssueComment>;
/** A check run; ours is told by its name and App. */
export type CheckRun = z.infer<typeof CheckRun>;
/** What a check says beside a line. */
export type CheckAnnotation = z.infer<typeof CheckAnnotation>;
/** A commit status; one of ours is told by its context. */
export type CommitStatus = z.infer<typeof CommitStatus>;
