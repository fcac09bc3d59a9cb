import type { z } from 'zod';
import { branchOf, event, fromPush, ignored, malformed, quote } from '../../domain/delivery-meaning.ts';
import type { Audience, Meaning } from '../../domain/delivery-meaning.ts';
import { toSha } from '../../domain/repository.ts';
import type { Repository } from '../../domain/repository.ts';
import {
  CheckRunHook,
  CheckSuiteHook,
  InstallationHook,
  IssueCommentHook,
  MergeGroupHook,
  PullRequestHook,
  PushHook,
} from './schema.ts';
import type { Hook } from './schema.ts';
import { queuePrefix, retestAction, statusName } from './status-name.ts';

/** What changes what is judged or decided, or whether; `stacked` and what may come later is read anew as well. */
const otherActions = new Set([
  'assigned',
  'unassigned',
  'review_requested',
  'review_request_removed',
  'milestoned',
  'demilestoned',
  'locked',
  'unlocked',
  'auto_merge_enabled',
  'auto_merge_disabled',
]);

/** Turns the parsed body of an event into its meaning. Total: whatever the body is, there is an answer. */
export function normalise(name: string | undefined, payload: unknown, audience: Audience): Meaning {
  switch (name) {
    case 'pull_request':
      return read(PullRequestHook, payload, audience, fromPullRequest);
    case 'merge_group':
      return read(MergeGroupHook, payload, audience, fromMergeGroup);
    case 'push':
      return read(PushHook, payload, audience, fromPush);
    case 'issue_comment':
      return read(IssueCommentHook, payload, audience, fromComment);
    case 'check_run':
      return read(CheckRunHook, payload, audience, fromCheckRun);
    case 'check_suite':
      return read(CheckSuiteHook, payload, audience, fromCheckSuite);
    case 'installation':
    case 'installation_repositories':
      return fromInstallation(payload, audience);
    case undefined:
      return malformed('X-GitHub-Event was not sent');
    default:
      return ignored(`events of kind ${quote(name)} are not for us`);
  }
}

function read<T extends Hook>(
  schema: z.ZodType<T>,
  payload: unknown,
  audience: Audience,
  toMeaning: (hook: T, repository: Repository) => Meaning,
): Meaning {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) return malformed(issueOf(parsed.error));
  const { id, full_name: path } = parsed.data.repository;
  const meaning = toMeaning(parsed.data, { host: audience.id, id: String(id), path });
  if (meaning.kind !== 'event' || audience.repositories(path)) return meaning;
  return ignored(`the configuration names no repository ${quote(path)}`);
}

function fromPullRequest(hook: z.infer<typeof PullRequestHook>, repository: Repository): Meaning {
  if (otherActions.has(hook.action)) return ignored(`the action ${quote(hook.action)} changes no verdict`);
  const { number, head } = hook.pull_request;
  return event({ kind: 'change-touched', repository, number, head: toSha(head.sha) });
}

function fromMergeGroup(hook: z.infer<typeof MergeGroupHook>, repository: Repository): Meaning {
  const head = toSha(hook.merge_group.head_sha);
  const branch = branchOf(hook.merge_group.head_ref);
  if (head === undefined) return malformed('merge_group.head_sha is no commit id');
  if (branch === undefined) return malformed('merge_group.head_ref is no branch');
  return event({ kind: 'merge-group-touched', repository, branch, head });
}

function fromComment(hook: z.infer<typeof IssueCommentHook>, repository: Repository): Meaning {
  const { issue, comment } = hook;
  if (hook.action !== 'created') return ignored('a comment that was edited or deleted');
  if (issue.pull_request === undefined || issue.pull_request === null)
    return ignored('a comment on an issue');
  if (comment.user?.type === 'Bot') return ignored('a comment of an App');
  if (!/^\/modelgate[^\S\r\n]/.test(comment.body))
    return ignored('a comment without a command on its first line');
  return event({ kind: 'command-given', repository, number: issue.number, commentId: String(comment.id) });
}

function fromCheckRun(hook: z.infer<typeof CheckRunHook>, repository: Repository): Meaning {
  const { action, check_run: run, requested_action: button, sender } = hook;
  if (action === 'requested_action' && button?.identifier !== retestAction)
    return ignored(`a button ${quote(button?.identifier ?? '')} that is not ours`);
  if (action !== 'rerequested' && action !== 'requested_action')
    return ignored('what became of a check is our own doing');
  if (run.name !== statusName) return ignored(`the check ${quote(run.name)} is not ours`);
  return rerun({ sha: run.head_sha, branch: run.check_suite?.head_branch, person: sender.login }, repository);
}

function fromCheckSuite(hook: z.infer<typeof CheckSuiteHook>, repository: Repository): Meaning {
  const { action, check_suite: suite, sender } = hook;
  // Pushes of forks make no suite of ours: the events of changes and merge groups tell of every head.
  if (action !== 'rerequested') return ignored('heads are told of by changes and merge groups');
  return rerun({ sha: suite.head_sha, branch: suite.head_branch, person: sender.login }, repository);
}

/** `pull_requests` of a check is empty for forks: what the commit is the head of is asked by the job (specs git-hosts 2.2). */
function rerun(
  asked: { readonly sha: string; readonly branch: string | null | undefined; readonly person: string },
  repository: Repository,
): Meaning {
  const sha = toSha(asked.sha);
  if (sha === undefined) return malformed('head_sha is no commit id');
  const branch = asked.branch?.startsWith(queuePrefix) === true ? asked.branch : undefined;
  return event({ kind: 'rerun-asked', repository, sha, branch, personId: asked.person });
}

function fromInstallation(payload: unknown, audience: Audience): Meaning {
  const parsed = InstallationHook.safeParse(payload);
  if (!parsed.success) return malformed(issueOf(parsed.error));
  const { action } = parsed.data;
  const gone = ['deleted', 'suspend', 'removed'].includes(action);
  return gone
    ? ignored(`the App was taken away from repositories (${action})`)
    : event({ kind: 'access-changed', host: audience.id });
}

function issueOf({ issues }: z.ZodError): string {
  const [issue] = issues;
  const where = issue?.path.join('.') ?? '';
  return `${where === '' ? 'the body' : where}: ${issue?.message ?? 'not as expected'}`;
}
