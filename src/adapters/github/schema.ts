import { z } from 'zod';

/*
 * The fields of webhook bodies that we use (specs git-hosts 2.2). What decides whether a delivery is ours to act on is
 * never nullable, so that a garbled body is malformed and not taken for another.
 */

const Id = z.int().positive();
const Repository = z.object({ id: Id, full_name: z.string().min(1) });
const Action = z.string().optional();

/** Every event of a repository names it. */
const Hook = z.object({ repository: Repository, action: Action });

/** What every event has that we use. */
export type Hook = z.infer<typeof Hook>;

/** `installation` and `installation_repositories` are about no single repository. */
export const InstallationHook = z.object({ action: z.string() });

/** `pull_request` */
export const PullRequestHook = Hook.extend({
  action: z.string(),
  pull_request: z.object({ number: Id, head: z.object({ sha: z.string() }) }),
});

/** `merge_group`: `head_ref` is the full ref of the group's branch. */
export const MergeGroupHook = Hook.extend({
  action: z.string(),
  merge_group: z.object({ head_sha: z.string(), head_ref: z.string() }),
});

/** `push` of a branch or tag. */
export const PushHook = Hook.extend({ ref: z.string(), before: z.string(), after: z.string() });

/** `issue_comment`: below an issue or, where `pull_request` is there, a pull request. */
export const IssueCommentHook = Hook.extend({
  action: z.string(),
  issue: z.object({ number: Id, pull_request: z.unknown().optional() }),
  comment: z.object({
    id: Id,
    body: z.string(),
    user: z.object({ type: z.string().optional() }).nullish(),
  }),
});

const Sender = z.object({ login: z.string().min(1), type: z.string().optional() });

/** `check_run`: only the App that made it gets the requests. */
export const CheckRunHook = Hook.extend({
  action: z.string(),
  check_run: z.object({
    name: z.string(),
    head_sha: z.string(),
    check_suite: z.object({ head_branch: z.string().nullish() }).nullish(),
  }),
  requested_action: z.object({ identifier: z.string().optional() }).nullish(),
  sender: Sender,
});

/** `check_suite` */
export const CheckSuiteHook = Hook.extend({
  action: z.string(),
  check_suite: z.object({ head_sha: z.string(), head_branch: z.string().nullish() }),
  sender: Sender,
});
