import { resolveCommit, setRef, zeroSha } from '../git/bare-repository.ts';
import { commitFiles } from '../git/write.ts';
import { rerequestRun } from './checks/write.ts';
import { createComment, deleteComment, editComment } from './comments/write.ts';
import { tellRunHooks, tellSuiteHooks } from './payloads/check.ts';
import { protectionOf, type CheckStanding } from './protection.ts';
import { closePull, editPull, reopenPull, setDraft, setLabels, type PullEdit } from './pulls/change.ts';
import { mergePull, type MergeMethod } from './pulls/merge.ts';
import { openPull, type NewPull } from './pulls/open.ts';
import { dequeue } from './queue/build.ts';
import { enqueue, invalidate, mergeGroup } from './queue/enqueue.ts';
import type { DequeueReason } from './queue/leave.ts';
import { refsChanged } from './refs-changed.ts';
import { userNamed } from './users/named.ts';
import type { Repository } from './state.ts';
import type { CheckRun, CheckSuite, CommitStatus } from './state-checks.ts';
import type { Deployment } from './state-deployments.ts';
import type { Comment, MergeGroup, Pull } from './state-pulls.ts';
import { emailOf } from './users/present.ts';
import type { Act, World } from './world.ts';

/** Whoever does it; the creator of the repository unless named. */
export interface By {
  readonly as?: string;
}

/** A commit made without a clone. */
export interface CommitOptions extends By {
  readonly message: string;
  /** Where a new branch starts: a branch or a SHA; the default branch unless named, `null` for a history of its own. */
  readonly from?: string | null;
}

/** What people do, as methods; everything happens as if through the web pages and `git push`. */
export interface Stories {
  /** Commits files (undefined content deletes) and pushes. Returns the SHA. */
  commit(
    repository: Repository,
    branch: string,
    files: Readonly<Record<string, string | Buffer | undefined>>,
    message: string | CommitOptions,
  ): Promise<string>;
  /** Moves a ref by force, creates it, or deletes it where `sha` is undefined. */
  push(repository: Repository, ref: string, sha: string | undefined, by?: By): Promise<void>;
  /** Moves a branch with everything that hangs on its name; the API leads from the old name to the new one. */
  renameBranch(repository: Repository, from: string, to: string, by?: By): Promise<void>;
  openPull(repository: Repository, wanted: NewPull & By): Promise<Pull>;
  editPull(pull: Pull, edit: PullEdit & By): Promise<void>;
  /** One event for every label that comes or goes. */
  setLabels(pull: Pull, labels: readonly string[], by?: By): Promise<void>;
  setDraft(pull: Pull, draft: boolean, by?: By): Promise<void>;
  closePull(pull: Pull, by?: By): Promise<void>;
  reopenPull(pull: Pull, by?: By): Promise<void>;
  /** Merges and returns the new tip. @throws Error naming the obstacle unless forced. */
  merge(pull: Pull, how?: By & { readonly method?: MergeMethod; readonly force?: boolean }): Promise<string>;
  enqueue(pull: Pull, by?: By): Promise<MergeGroup>;
  dequeue(pull: Pull, why?: By & { readonly reason?: DequeueReason }): Promise<void>;
  /** Builds a group anew, as when the base moved. Returns the new one. */
  invalidateGroup(group: MergeGroup, by?: By): Promise<MergeGroup>;
  /** What the queue does when the required checks are green. Returns the new tip. */
  mergeGroup(group: MergeGroup, how?: By & { readonly force?: boolean }): Promise<string>;
  comment(login: string, pull: Pull, text: string): Promise<Comment>;
  editComment(login: string, comment: Comment, text: string): Promise<void>;
  deleteComment(login: string, comment: Comment): Promise<void>;
  /** Comments, oldest first. */
  comments(pull: Pull): readonly Comment[];
  /** Check runs of a commit, older ones of the same name included, oldest first. */
  checkRuns(repository: Repository, sha: string): readonly CheckRun[];
  /** Statuses of a commit, oldest first. */
  statuses(repository: Repository, sha: string): readonly CommitStatus[];
  /** Deployments with their statuses, oldest first. */
  deployments(repository: Repository, environment?: string): readonly Deployment[];
  /** What protection of a branch makes of a commit. */
  protection(repository: Repository, branch: string, sha: string): readonly CheckStanding[];
  /** "Re-run" at one check. */
  rerequest(run: CheckRun, by?: By): Promise<void>;
  /** "Re-run all checks". */
  rerequestSuite(suite: CheckSuite, by?: By): Promise<void>;
  /** A button of a check. @throws Error where the run has no such button. */
  clickAction(run: CheckRun, identifier: string, by?: By): Promise<void>;
  /** `refs/pull/N/head` stays where it is, however events go on, until the returned function is called. */
  holdPullRefs(repository: Repository): () => Promise<void>;
}

/** Works on the world directly, without the API. */
export function createStories(world: World): Stories {
  return {
    commit,
    push,
    renameBranch,
    openPull: (repository, { as, ...wanted }) => openPull(world, actor(repository, as), repository, wanted),
    editPull: (pull, { as, ...edit }) => editPull(world, actor(pull.repository, as), pull, edit),
    setLabels: (pull, labels, by) => setLabels(world, actor(pull.repository, by?.as), pull, labels),
    setDraft: (pull, draft, by) => setDraft(world, actor(pull.repository, by?.as), pull, draft),
    closePull: (pull, by) => closePull(world, actor(pull.repository, by?.as), pull),
    reopenPull: (pull, by) => reopenPull(world, actor(pull.repository, by?.as), pull),
    merge: (pull, how = {}) => mergePull(world, actor(pull.repository, how.as), pull, how),
    enqueue: (pull, by) => enqueue(world, actor(pull.repository, by?.as), pull),
    dequeue: (pull, why = {}) => dequeue(world, actor(pull.repository, why.as), pull, why.reason ?? 'MANUAL'),
    invalidateGroup: (group, by) => invalidate(world, actor(group.repository, by?.as), group),
    mergeGroup: (group, how = {}) => mergeGroup(world, actor(group.repository, how.as), group, how),
    comment: (login, pull, text) => createComment(world, { user: userNamed(world, login) }, pull, text),
    editComment: (login, comment, text) =>
      editComment(world, { user: userNamed(world, login) }, comment, text),
    deleteComment: (login, comment) => deleteComment(world, { user: userNamed(world, login) }, comment),
    comments: (pull) => pull.repository.comments.filter((comment) => comment.pull === pull),
    checkRuns: (repository, sha) => repository.checkRuns.filter((run) => run.suite.headSha === sha),
    statuses: (repository, sha) => repository.statuses.filter((status) => status.sha === sha),
    deployments: (repository, environment) =>
      repository.deployments.filter((entry) => (environment ?? entry.environment) === entry.environment),
    protection: protectionOf,
    rerequest: (run, by) => rerequestRun(world, actor(run.suite.repository, by?.as), run),
    async rerequestSuite(suite, by) {
      suite.rerequested = true;
      await tellSuiteHooks(world, actor(suite.repository, by?.as), suite, 'rerequested');
    },
    clickAction,
    holdPullRefs,
  };

  function actor(repository: Repository, login: string | undefined): Act {
    return { user: login === undefined ? repository.creator : userNamed(world, login) };
  }

  async function commit(
    repository: Repository,
    branch: string,
    files: Readonly<Record<string, string | Buffer | undefined>>,
    how: string | CommitOptions,
  ): Promise<string> {
    const { message, as, from = repository.defaultBranch } = typeof how === 'string' ? { message: how } : how;
    const act = actor(repository, as);
    const { directory } = repository;
    const author = { name: act.user.name, email: emailOf(act.user), at: world.now() };
    return world.serial.run(directory, async () => {
      const ref = `refs/heads/${branch}`;
      const tip = await resolveCommit(directory, ref);
      const parent = tip ?? (from === null ? undefined : await resolveCommit(directory, from));
      const sha = await commitFiles(directory, { branch, parent, files, message, author });
      await refsChanged(world, act, repository, [{ ref, old: tip ?? zeroSha, new: sha }]);
      return sha;
    });
  }

  async function renameBranch(repository: Repository, from: string, to: string, by: By = {}): Promise<void> {
    const sha = await resolveCommit(repository.directory, `refs/heads/${from}`);
    repository.renamedBranches.set(from, to);
    if (repository.defaultBranch === from) repository.defaultBranch = to;
    for (const pull of repository.pulls) if (pull.baseRef === from) pull.baseRef = to;
    await push(repository, `refs/heads/${to}`, sha, by);
    await push(repository, `refs/heads/${from}`, undefined, by);
  }

  async function push(
    repository: Repository,
    ref: string,
    sha: string | undefined,
    by: By = {},
  ): Promise<void> {
    const { directory } = repository;
    await world.serial.run(directory, async () => {
      const old = (await resolveCommit(directory, ref)) ?? zeroSha;
      await setRef(directory, ref, sha);
      await refsChanged(world, actor(repository, by.as), repository, [{ ref, old, new: sha ?? zeroSha }]);
    });
  }

  async function clickAction(run: CheckRun, identifier: string, by: By = {}): Promise<void> {
    if (!run.actions.some((action) => action.identifier === identifier))
      throw new Error(`the check run has no button ${identifier}`);
    const event = { action: 'requested_action', requested_action: { identifier } } as const;
    await tellRunHooks(world, actor(run.suite.repository, by.as), run, event);
  }

  function holdPullRefs(repository: Repository): () => Promise<void> {
    const moves: (() => Promise<void>)[] = [];
    world.heldPullRefs.set(repository.id, moves);
    return async () => {
      world.heldPullRefs.delete(repository.id);
      for (const move of moves) await move();
    };
  }
}
