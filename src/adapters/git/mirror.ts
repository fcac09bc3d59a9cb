import { RetryableError, UserError } from '../../errors.ts';
import type { Repository, Sha } from '../../domain/repository.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { History, Snapshot, Snapshots } from '../../ports/snapshots.ts';
import { emptyTree, historyOf, isAncestorOf, treeOfCommit, type Commits } from './commit-history.ts';
import { createExclusive } from './exclusive.ts';
import { fetchChange, type WantedChange } from './fetch-change.ts';
import { mergeTree } from './merge-tree.ts';
import { createMirrorDisk } from './mirror-disk.ts';
import type { MirrorDisk } from './mirror-disk.ts';
import { openMirror } from './open-mirror.ts';
import type { Mirror, MirrorAccess } from './open-mirror.ts';
import { succeed } from './run-git.ts';
import { createTreeReader } from './tree-reader.ts';

/** Bounds on what mirrors take: bytes and milliseconds. */
export interface MirrorLimits {
  /** All mirrors together; the least recently used go first. Those in use may exceed it for a while. */
  readonly diskBytes: number;
  /** One mirror: a server that ignores the blob filter could send everything. */
  readonly repositoryBytes: number;
  readonly fetchMs: number;
  /** Blobs that one read holds in memory. */
  readonly readBytes: number;
  /** A mirror used within this time is not evicted: an evaluation may still read it. */
  readonly inUseMs: number;
}

/** 20 GiB together, 5 GiB each; 5 minutes for a fetch, 256 MiB for a read, in use for 15 minutes. */
export const defaultMirrorLimits: MirrorLimits = {
  diskBytes: 20 * 1024 ** 3,
  repositoryBytes: 5 * 1024 ** 3,
  fetchMs: 300_000,
  readBytes: 256 * 1024 ** 2,
  inUseMs: 15 * 60_000,
};

/** What mirrors need. */
export interface MirrorsConfig {
  /** Ours alone: one directory per process. */
  readonly directory: string;
  /** Url and `Authorization` header of a repository; undefined when the configuration names no such repository. */
  access(repository: Repository): MirrorAccess | undefined | Promise<MirrorAccess | undefined>;
  readonly limits: MirrorLimits;
  readonly log: Log;
  readonly clock: Clock;
  /** The process environment; git gets the path, proxies and certificates of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What is made of a mirror that holds the wanted commits; undefined: git could not read what it has. */
type Make<Made> = (mirror: Mirror, base: Sha) => Promise<Made | undefined>;

/** Waits before looking again for a head that its ref does not hold yet (specs git-hosts 7). */
const refLagMs = [1000, 2000, 4000] as const;

/** A mirror that fails so often in a row is made again although git finds no damage: a lock may have been left behind. */
const mostTroubles = 3;

/** Bare blobless mirrors, one per repository, that make snapshots of changes and read the history of branches. */
export function createMirrors(config: MirrorsConfig): Snapshots {
  const exclusive = createExclusive();
  const disk = createMirrorDisk(config);
  const troubles = new Map<string, number>();

  async function fetched<Made>(wanted: WantedChange, make: Make<Made>, signal: AbortSignal): Promise<Made> {
    for (const wait of [...refLagMs, undefined]) {
      const mirror = openMirror(config, wanted.repository);
      const outcome = await exclusive(mirror.directory, () => attemptTwice(mirror, wanted, make, signal));
      if (outcome.kind === 'made') return outcome.made;
      if (wait === undefined) throw headNotThere(outcome, wanted);
      await config.clock.sleep(wait, signal);
    }
    throw new RetryableError('no attempt was made');
  }

  async function attemptTwice<Made>(
    mirror: Mirror,
    wanted: WantedChange,
    make: Make<Made>,
    signal: AbortSignal,
  ): Promise<Outcome<Made>> {
    const first = await attempt(mirror, wanted, make, signal);
    if (first.kind !== 'broken') {
      troubles.delete(mirror.directory);
      return first;
    }
    const trouble = (troubles.get(mirror.directory) ?? 0) + 1;
    troubles.set(mirror.directory, trouble);
    if (trouble < mostTroubles && !(await isDamaged(mirror, signal))) {
      throw new RetryableError(`${wanted.repository.path} could not be read: ${first.reason}`);
    }
    troubles.delete(mirror.directory);
    config.log.warn({ mirror: mirror.directory, reason: first.reason }, 'mirror is broken and is made again');
    await disk.discard(mirror.directory);
    const second = await attempt(mirror, wanted, make, signal);
    if (second.kind !== 'broken') return second;
    throw new RetryableError(`${wanted.repository.path} could not be mirrored: ${second.reason}`);
  }

  async function attempt<Made>(
    mirror: Mirror,
    wanted: WantedChange,
    make: Make<Made>,
    signal: AbortSignal,
  ): Promise<Outcome<Made>> {
    const isNew = await disk.prepare(mirror.directory);
    if (isNew) await initialise(mirror, wanted.head, signal);
    const outcome = await disk.withinQuota(mirror.directory, signal, (bounded) =>
      fetchChange(mirror, wanted, config.limits.fetchMs, bounded),
    );
    if (outcome.kind !== 'fetched') return outcome;
    const made = await make(mirror, outcome.base);
    if (made === undefined) return { kind: 'broken', reason: 'git could not merge' };
    await disk.evict();
    return { kind: 'made', made };
  }

  /** Base and head as a merge would make them. */
  async function mergedSnapshot(
    mirror: Mirror,
    commits: { readonly base: Sha; readonly head: Sha },
    signal: AbortSignal,
  ): Promise<Snapshot | undefined> {
    const treeOf = (commit: Sha) => treeOfCommit(commitsOf(mirror), commit, signal);
    const base = { commit: commits.base, tree: await treeOf(commits.base) };
    const head = { commit: commits.head, tree: await treeOf(commits.head) };
    const sides = { base: base.commit, head: head.commit, headTree: head.tree, shallow: false };
    const { git } = await mirror.network();
    const judged = await disk.withinQuota(mirror.directory, signal, (bounded) =>
      mergeTree(git, sides, bounded),
    );
    return judged && { base, head, judged, trees: readerOf(mirror, disk) };
  }

  /** The head as it is, beside what it is compared with: a commit of its own history, or nothing at all. */
  async function tipSnapshot(
    mirror: Mirror,
    { head: commit, since }: { readonly head: Sha; readonly since: Sha | undefined },
    signal: AbortSignal,
  ): Promise<Snapshot> {
    const commits = commitsOf(mirror);
    const head = { commit, tree: await treeOfCommit(commits, commit, signal) };
    const isKnown =
      since !== undefined && (await isAncestorOf(commits, { older: since, newer: commit }, signal));
    const base = isKnown
      ? { commit: since, tree: await treeOfCommit(commits, since, signal) }
      : { commit, tree: await emptyTree(commits, signal) };
    const judged = { kind: 'merge-result', tree: head.tree } as const;
    return { base, head, judged, alone: true, trees: readerOf(mirror, disk) };
  }

  function commitsOf({ local, directory }: Mirror): Commits {
    return {
      local: (call, signal) => disk.using(directory, () => local(call, signal)),
      onBroken: () => disk.suspect(directory),
    };
  }

  function readerOf(mirror: Mirror, disk: MirrorDisk): Snapshot['trees'] {
    const reader = createTreeReader({
      local: mirror.local,
      network: mirror.network,
      exclusive: (work) => exclusive(mirror.directory, work),
      readBytes: config.limits.readBytes,
      onBroken: () => disk.suspect(mirror.directory),
    });
    return {
      list: (tree, signal) => disk.using(mirror.directory, () => reader.list(tree, signal)),
      changes: (from, to, signal) => disk.using(mirror.directory, () => reader.changes(from, to, signal)),
      read: (blobs, maxBytes, signal) =>
        disk.using(mirror.directory, () =>
          disk.withinQuota(mirror.directory, signal, (bounded) => reader.read(blobs, maxBytes, bounded)),
        ),
    };
  }

  return {
    take: ({ alone, ...wanted }, signal) => {
      const { head } = wanted;
      const make: Make<Snapshot> = (mirror, base) =>
        alone === undefined
          ? mergedSnapshot(mirror, { base, head }, signal)
          : tipSnapshot(mirror, { head, since: alone.since }, signal);
      return fetched(wanted, make, signal);
    },
    history: ({ repository, branch, commit }, signal) => {
      const wanted = { repository, targetBranch: branch, head: commit, headRef: `refs/heads/${branch}` };
      const make: Make<History> = async (mirror, tip) =>
        historyOf(commitsOf(mirror), { trees: readerOf(mirror, disk), tips: [tip, commit] });
      return fetched(wanted, make, signal);
    },
  };
}

type Outcome<Made> =
  | { readonly kind: 'made'; readonly made: Made }
  | { readonly kind: 'broken'; readonly reason: string }
  | NotThere;

/** The head is not to be had: its ref holds another commit, or does not exist, and the commit itself was refused. */
export interface NotThere {
  readonly kind: 'not-there';
  readonly headRef: 'other' | 'absent';
}

function headNotThere(outcome: NotThere | { kind: 'broken' }, wanted: WantedChange): Error {
  const where = `${wanted.headRef} of ${wanted.repository.path}`;
  if (outcome.kind === 'not-there' && outcome.headRef === 'absent') {
    return new UserError(
      'head-gone',
      `Commit ${wanted.head} cannot be had: ${where} does not exist, and the host does not give the commit itself.`,
      'Push the branch again, or reopen the change.',
    );
  }
  return new RetryableError(`${where} does not hold commit ${wanted.head} yet, or not any more`);
}

async function initialise(mirror: Mirror, head: Sha, signal: AbortSignal): Promise<void> {
  const format = head.length === 64 ? 'sha256' : 'sha1';
  const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, mirror.directory];
  await succeed(mirror.local, { args }, signal);
}

/** Whether objects of the mirror are damaged or missing, files that were never fetched aside; asks nobody but the disk. */
async function isDamaged(mirror: Mirror, signal: AbortSignal): Promise<boolean> {
  const { git } = await mirror.network();
  const args = ['fsck', '--connectivity-only', '--no-dangling', '--no-progress'];
  return (await git({ args, timeoutMs: 300_000 }, signal)).code !== 0;
}
