import { resolveCommit, setRef, zeroSha } from '../git/bare-repository.ts';
import { commitFiles } from '../git/write.ts';
import { statusesOf } from './commit-statuses/routes.ts';
import {
  closeMergeRequest,
  editMergeRequest,
  reopenMergeRequest,
  type MergeRequestEdit,
} from './merge-requests/change.ts';
import { mergeMergeRequest, type MergeMethod } from './merge-requests/merge.ts';
import { openMergeRequest, type NewMergeRequest } from './merge-requests/open.ts';
import { createNote, updateNote } from './notes/write.ts';
import { createPipeline, setCiStatus, type NewPipeline } from './pipelines/create.ts';
import { pipelinesOf } from './pipelines/of-merge-request.ts';
import { refsChanged } from './refs-changed.ts';
import { userNamed } from './setup.ts';
import type { CommitStatus, MergeRequest, Note, Pipeline, PipelineStatus, Project } from './state.ts';
import type { Deployment } from './state-deployments.ts';
import type { Act, World } from './world.ts';

/** Whoever does it; the owner of the project unless named. */
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
    project: Project,
    branch: string,
    files: Readonly<Record<string, string | Buffer | undefined>>,
    message: string | CommitOptions,
  ): Promise<string>;
  /** Moves a ref by force, creates it, or deletes it where `sha` is undefined. */
  push(project: Project, ref: string, sha: string | undefined, by?: By): Promise<void>;
  openMergeRequest(project: Project, wanted: NewMergeRequest & By): Promise<MergeRequest>;
  editMergeRequest(mergeRequest: MergeRequest, edit: MergeRequestEdit & By): Promise<void>;
  closeMergeRequest(mergeRequest: MergeRequest, by?: By): Promise<void>;
  reopenMergeRequest(mergeRequest: MergeRequest, by?: By): Promise<void>;
  /** Merges and returns the new tip. @throws Error naming the obstacle (`ci_must_pass` …) unless forced. */
  merge(
    mergeRequest: MergeRequest,
    how?: By & { readonly method?: MergeMethod; readonly force?: boolean },
  ): Promise<string>;
  /** Writes a comment; undefined when it was nothing but quick actions. */
  comment(username: string, mergeRequest: MergeRequest, text: string): Promise<Note | undefined>;
  editComment(username: string, mergeRequest: MergeRequest, note: Note, text: string): Promise<void>;
  /** Comments, oldest first, without system notes. */
  notes(mergeRequest: MergeRequest): readonly Note[];
  /** Statuses posted to a commit, hidden ones included, oldest first. */
  statuses(project: Project, sha: string): readonly CommitStatus[];
  /** Deployments, oldest first. */
  deployments(project: Project, environment?: string): readonly Deployment[];
  /** Own ones first, newest first. */
  pipelines(mergeRequest: MergeRequest): readonly Pipeline[];
  /** Adds a pipeline by hand, without CI. */
  createPipeline(wanted: NewPipeline & By): Promise<Pipeline>;
  /** Sets the state of a pipeline's own jobs. */
  setPipelineStatus(pipeline: Pipeline, status: PipelineStatus): Promise<void>;
  /** Holds the lock on a commit's statuses, as a slow server does, until the returned function is called. */
  holdStatuses(project: Project, sha: string): () => void;
}

/** Works on the world directly, without the API. */
export function createStories(world: World): Stories {
  return {
    commit,
    push,
    openMergeRequest: (project, { as, ...wanted }) =>
      openMergeRequest(world, actor(project, as), project, wanted),
    editMergeRequest: (mergeRequest, { as, ...edit }) =>
      editMergeRequest(world, actor(mergeRequest.project, as), mergeRequest, edit),
    closeMergeRequest: (mergeRequest, by) =>
      closeMergeRequest(world, actor(mergeRequest.project, by?.as), mergeRequest),
    reopenMergeRequest: (mergeRequest, by) =>
      reopenMergeRequest(world, actor(mergeRequest.project, by?.as), mergeRequest),
    merge: (mergeRequest, how = {}) =>
      mergeMergeRequest(world, actor(mergeRequest.project, how.as), mergeRequest, how),
    comment,
    editComment: (username, mergeRequest, note, body) =>
      updateNote(world, { user: userNamed(world, username) }, mergeRequest, { note, body }),
    notes: (mergeRequest) => mergeRequest.notes.filter((note) => !note.system),
    statuses: statusesOf,
    deployments: (project, environment) =>
      project.deployments.filter(({ environment: { name } }) => (environment ?? name) === name),
    pipelines: pipelinesOf,
    async createPipeline({ as, ...wanted }) {
      const pipeline = createPipeline(world, actor(wanted.project, as), wanted);
      if (wanted.ciStatus !== undefined) await setCiStatus(world, pipeline, wanted.ciStatus);
      return pipeline;
    },
    setPipelineStatus: (pipeline, status) => setCiStatus(world, pipeline, status),
    holdStatuses(project, sha) {
      const key = `${project.id}:${sha}`;
      world.statusLocks.add(key);
      return () => void world.statusLocks.delete(key);
    },
  };

  function actor(project: Project, username: string | undefined): Act {
    return { user: username === undefined ? project.creator : userNamed(world, username) };
  }

  async function commit(
    project: Project,
    branch: string,
    files: Readonly<Record<string, string | Buffer | undefined>>,
    how: string | CommitOptions,
  ): Promise<string> {
    const {
      message,
      as,
      from = project.settings.defaultBranch,
    } = typeof how === 'string' ? { message: how } : how;
    const act = actor(project, as);
    const author = { name: act.user.name, email: `${act.user.username}@sandbox.invalid`, at: world.now() };
    return world.serial.run(project.directory, async () => {
      const ref = `refs/heads/${branch}`;
      const tip = await resolveCommit(project.directory, ref);
      const parent = tip ?? (from === null ? undefined : await resolveCommit(project.directory, from));
      const sha = await commitFiles(project.directory, { branch, parent, files, message, author });
      await refsChanged(world, act, project, [{ ref, old: tip ?? zeroSha, new: sha }]);
      return sha;
    });
  }

  async function push(project: Project, ref: string, sha: string | undefined, by: By = {}): Promise<void> {
    await world.serial.run(project.directory, async () => {
      const old = (await resolveCommit(project.directory, ref)) ?? zeroSha;
      await setRef(project.directory, ref, sha);
      await refsChanged(world, actor(project, by.as), project, [{ ref, old, new: sha ?? zeroSha }]);
    });
  }

  async function comment(
    username: string,
    mergeRequest: MergeRequest,
    text: string,
  ): Promise<Note | undefined> {
    const written = await createNote(world, { user: userNamed(world, username) }, mergeRequest, text);
    return written.kind === 'note' ? written.note : undefined;
  }
}
