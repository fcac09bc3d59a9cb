import type { StatusDetails } from '../domain/annotation.ts';
import type { Change } from '../domain/change.ts';
import type { Event } from '../domain/event.ts';
import type { Repository, Sha } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';

/** A webhook request as it came: header names lower-case, body untouched. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a delivery turned out to be. `id` is the same for a resent delivery. */
export type Received =
  | { readonly kind: 'event'; readonly id: string; readonly event: Event }
  /** Authentic, but none of our business: says why. */
  | { readonly kind: 'ignored'; readonly id: string; readonly reason: string }
  /** Authentic, but not readable: says why. */
  | { readonly kind: 'malformed'; readonly id: string; readonly reason: string }
  /** Not proven to be from the host: says why, never what was presented. */
  | { readonly kind: 'rejected'; readonly reason: string };

/** Verifies raw bytes, parses, normalises. No I/O. */
export interface Receiver {
  /**
   * Why a request cannot be authentic whatever its body says, never what was presented; undefined: `receive` decides.
   * Asked before the body is read.
   */
  refuse(headers: Delivery['headers']): string | undefined;
  receive(delivery: Delivery, now: Date): Received;
}

/** A comment below a change. */
export interface Comment {
  readonly authorId: string;
  readonly author: string;
  readonly text: string;
}

/** A change of a host, by its number. */
export interface ChangeId {
  readonly repositoryId: string;
  readonly number: number;
}

/** What a list of changes tells of each. */
export interface OpenChange {
  readonly number: number;
  readonly head: Sha;
  /** undefined where the host's list does not tell. */
  readonly targetBranch?: string | undefined;
}

/** A merge group that a queue waits for. */
export interface OpenMergeGroup {
  readonly branch: string;
  readonly head: Sha;
}

/** The newest commit of a branch. */
export interface BranchTip {
  readonly repository: Repository;
  readonly branch: string;
  readonly sha: Sha;
  /** Whether it is the repository's default branch. */
  readonly isDefault: boolean;
}

/** Reads changes from a host. Every method throws RetryableError for what a later try may answer. */
export interface Changes {
  /** The subject as it is now, or undefined when there is none to judge (deleted, no access, no commit yet). */
  read(subject: Subject, signal: AbortSignal): Promise<Change | undefined>;
  /** Open changes, newest first, at most `limit`; what the sweep compares. */
  listOpen(repositoryId: string, limit: number, signal: AbortSignal): Promise<readonly OpenChange[]>;
  /** The merge groups that the host wants judged now; none where it has no merge queue of this kind. */
  listMergeGroups(repositoryId: string, signal: AbortSignal): Promise<readonly OpenMergeGroup[]>;
  /**
   * The open changes whose head is this commit of the repository; where that is a fork, also those that it wants to have
   * merged into the repository it came from, if the configuration names that one.
   */
  ofHead(repositoryId: string, sha: Sha, signal: AbortSignal): Promise<readonly ChangeId[]>;
  /**
   * The repositories that the configuration names, as far as they exist; what the sweep walks. Those that were pushed to last
   * come first where the host lets a sweep ask about some of them alone.
   */
  repositories(signal: AbortSignal): Promise<readonly Repository[]>;
  /** The tip of a branch, of the default branch where none is named; undefined: there is no such branch, or no commit. */
  tip(repositoryId: string, branch: string | undefined, signal: AbortSignal): Promise<BranchTip | undefined>;
  /** The merged changes that brought the commit into the repository, newest first; none where it was pushed directly. */
  mergedWith(repositoryId: string, sha: Sha, signal: AbortSignal): Promise<readonly ChangeId[]>;
  /** A comment, or undefined when it is gone or was made by the host itself. */
  comment(
    repositoryId: string,
    number: number,
    commentId: string,
    signal: AbortSignal,
  ): Promise<Comment | undefined>;
}

/** What the host shows beside the head. */
export interface Status {
  /** `action-required` where the host has no such state is a failure whose text says for whom it waits. */
  readonly state: 'running' | 'success' | 'failure' | 'action-required' | 'cancelled';
  /** One line; adapters cut it to their host's length. */
  readonly description: string;
  /** The details page. */
  readonly url: string;
  /** The evaluation that it tells of: hosts show one status for each. undefined: nobody evaluates this head any more. */
  readonly evaluation?: string | undefined;
  /** What hosts show that can show more than a line; others leave it out. */
  readonly details?: StatusDetails | undefined;
}

/**
 * What a reporter wants to remember between calls. Opaque JSON, kept by the caller, but for one word: `pipelineId` is
 * the pipeline that the status is in. A lost memory costs a look-up, never a duplicate.
 */
export type ReportMemory = Readonly<Record<string, string | number>>;

/** Shows what we say beside a head. Every write looks up what is there first, so that repeating it changes nothing. */
export interface Reporter {
  /** @throws RetryableError; UserError when the host refuses for good (`status-forbidden`, `head-gone`). */
  setStatus(change: Change, status: Status, memory: ReportMemory, signal: AbortSignal): Promise<ReportMemory>;
}

/** A comment below a change, as it can be edited. */
export interface PostedComment {
  readonly id: number;
  readonly text: string;
  /** Whether the user of our token wrote it. */
  readonly ours: boolean;
}

/** The comments below changes that have a number. Every method is one step: what they are for is decided elsewhere. */
export interface Comments {
  /** undefined: it is gone. */
  read(change: Change, id: number, signal: AbortSignal): Promise<PostedComment | undefined>;
  /** Oldest first, without those that the host made itself. */
  list(change: Change, signal: AbortSignal): AsyncIterable<PostedComment>;
  create(change: Change, text: string, signal: AbortSignal): Promise<PostedComment>;
  /** @throws RetryableError when it was deleted meanwhile. */
  edit(change: Change, id: number, text: string, signal: AbortSignal): Promise<void>;
  /** One that is gone already is no trouble. */
  remove(change: Change, id: number, signal: AbortSignal): Promise<void>;
}

/** A merged commit on its way to an environment. */
export interface DeployedCommit {
  readonly repository: Repository;
  readonly branch: string;
  readonly sha: Sha;
  /** The environment's name in the server's configuration. */
  readonly environment: string;
}

/** How far it has come. */
export interface DeploymentStatus {
  readonly state: 'running' | 'success' | 'failure' | 'cancelled';
  /** One line; adapters cut it to their host's length. */
  readonly description: string;
  /** The release's page. */
  readonly url: string;
  /** The release; a host that keeps several deployments of a commit shows one for each. */
  readonly release: string;
  /** Where the environment answers, where it does. */
  readonly environmentUrl: string | undefined;
}

/** A deployment of ours that is shown as under way. */
export interface UnfinishedDeployment {
  readonly sha: Sha;
  /** undefined: the host keeps no such word. */
  readonly release: string | undefined;
}

/** What `modelgate/production` says of a commit on the host. */
export type ShownState = DeploymentStatus['state'] | undefined;

/**
 * Shows on the host how merged commits get to production. Every write looks up what is there first, so that repeating it
 * changes nothing, and what was begun is found again after our records are gone.
 */
export interface ProductionReporter {
  /** The status `modelgate/production` of the commit. @throws UserError when the host refuses for good (`status-forbidden`). */
  setStatus(
    commit: DeployedCommit,
    status: DeploymentStatus,
    memory: ReportMemory,
    signal: AbortSignal,
  ): Promise<ReportMemory>;
  /** The state that the commit's status `modelgate/production` has; undefined: it has none of ours. */
  shownState(commit: DeployedCommit, signal: AbortSignal): Promise<ShownState>;
  /** The deployment of the commit. @throws UserError when the host refuses for good (`deployment-forbidden`). */
  setDeployment(
    commit: DeployedCommit,
    status: DeploymentStatus,
    memory: ReportMemory,
    signal: AbortSignal,
  ): Promise<ReportMemory>;
  /** The commit of our newest deployment to the environment that succeeded; undefined: there is none, or none to be seen. */
  lastDeployed(repositoryId: string, environment: string, signal: AbortSignal): Promise<Sha | undefined>;
  /** Our newest deployments to the environment that have not come to an end, oldest first. */
  unfinished(
    repositoryId: string,
    environment: string,
    signal: AbortSignal,
  ): Promise<readonly UnfinishedDeployment[]>;
}

/** Asks a host who may do what, at this moment. */
export interface People {
  /** Whether the person may push to the repository. */
  mayPush(repositoryId: string, personId: string, signal: AbortSignal): Promise<boolean>;
  /** Whether the person may read the code of the repository. */
  mayRead(repositoryId: string, personId: string, signal: AbortSignal): Promise<boolean>;
  /** What the methods above take for the person of that user name; undefined: there is nobody, or nobody active. */
  idOf(login: string, signal: AbortSignal): Promise<string | undefined>;
}

/** One configured host, as use cases see it. */
export interface Host {
  readonly id: string;
  /**
   * How many repositories one sweep may ask about with two requests each, where the host allows only so many requests;
   * undefined: all.
   */
  readonly sweptAtOnce?: number | undefined;
  readonly changes: Changes;
  readonly reporter: Reporter;
  readonly comments: Comments;
  readonly people: People;
  readonly production: ProductionReporter;
}
