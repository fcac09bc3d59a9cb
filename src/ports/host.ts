import type { Change } from '../domain/change.ts';
import type { Event } from '../domain/event.ts';
import type { Repository, Sha } from '../domain/repository.ts';

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

/** A change of a host. */
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

/** Reads changes from a host. Every method throws RetryableError for what a later try may answer. */
export interface Changes {
  /** The change as it is now, or undefined when there is none to judge (deleted, no access, no commit yet). */
  read(repositoryId: string, number: number, signal: AbortSignal): Promise<Change | undefined>;
  /** Open changes, newest first, at most `limit`; what the sweep compares. */
  listOpen(repositoryId: string, limit: number, signal: AbortSignal): Promise<readonly OpenChange[]>;
  /**
   * The open changes whose head is this commit of the repository; where that is a fork, also those that it wants to have
   * merged into the repository it came from, if the configuration names that one.
   */
  ofHead(repositoryId: string, sha: Sha, signal: AbortSignal): Promise<readonly ChangeId[]>;
  /** The repositories that the configuration names, as far as they exist; what the sweep walks. */
  repositories(signal: AbortSignal): Promise<readonly Repository[]>;
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
}

/**
 * What a reporter wants to remember between calls. Opaque JSON, kept by the caller, but for one word: `pipelineId` is
 * the pipeline that the status is in. A lost memory costs a look-up, never a duplicate.
 */
export type ReportMemory = Readonly<Record<string, string | number>>;

/** Writes to a host. Every write looks up what is there first, so that repeating it changes nothing. */
export interface Reporter {
  /** @throws RetryableError; UserError when the host refuses for good (`status-forbidden`, `head-gone`). */
  setStatus(change: Change, status: Status, memory: ReportMemory, signal: AbortSignal): Promise<ReportMemory>;
  /** Makes our one comment of the change read `body`; without `create` it is edited only where it exists. */
  setComment(
    change: Change,
    comment: { readonly body: string; readonly create: boolean },
    memory: ReportMemory,
    signal: AbortSignal,
  ): Promise<ReportMemory>;
}

/** Asks a host who may do what, at this moment. */
export interface People {
  /** Whether the person may push to the repository. */
  mayPush(repositoryId: string, personId: string, signal: AbortSignal): Promise<boolean>;
  /** Whether the person may read the code of the repository. */
  mayRead(repositoryId: string, personId: string, signal: AbortSignal): Promise<boolean>;
  /** What the methods above take for the person of that user name; undefined: the host knows nobody, or blocked them. */
  idOf(login: string, signal: AbortSignal): Promise<string | undefined>;
}

/** One configured host, as use cases see it. */
export interface Host {
  readonly id: string;
  readonly changes: Changes;
  readonly reporter: Reporter;
  readonly people: People;
}
