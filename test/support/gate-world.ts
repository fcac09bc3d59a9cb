import { RetryableError } from '../../src/errors.ts';
import type { Change } from '../../src/domain/change.ts';
import type { Sha } from '../../src/domain/repository.ts';
import type { Environment } from '../../src/domain/environment.ts';
import type { GateDeps } from '../../src/gate/deps.ts';
import { defaultRetries } from '../../src/gate/follow-ups.ts';
import { defaultLimits } from '../../src/limits.ts';
import type { ChangeId, Comment, Host, OpenChange, PostedComment, Status } from '../../src/ports/host.ts';
import type { Conflict, Snapshots } from '../../src/ports/snapshots.ts';
import { createHandClock, type HandClock } from './hand-clock.ts';
import { createKeptLog, type LoggedLine } from './log.ts';
import { createMemoryProduction, type MemoryProduction } from './memory-production.ts';
import { createMemoryReleases, type MemoryReleases } from './memory-releases.ts';
import { createMemoryRemote, createMemoryStores, type MemoryRemote } from './memory-store.ts';
import { createMemoryRuns, type MemoryRuns } from './memory-runs.ts';
import { createMemoryTrees, type MemoryFiles, type MemoryTrees } from './memory-trees.ts';
import { sampleRun, sampleSha, sampleSubject } from './sample-run.ts';

/** A call to the host or to git that throws instead. */
type Call = 'read' | 'of-head' | 'status' | 'comment' | 'snapshot' | 'history' | 'blobs';

/** The use cases of a change with every port in memory: what a story cannot arrange. */
export interface GateWorld {
  readonly deps: GateDeps;
  readonly clock: HandClock;
  readonly store: MemoryRuns;
  readonly remote: MemoryRemote;
  readonly lines: readonly LoggedLine[];
  /** The change as the host tells it. */
  change: Change | undefined;
  /** The merge groups that are in the queue, by branch. */
  readonly groups: Map<string, Change>;
  /** The tips of branches, by branch; `main` is the default branch. */
  readonly branches: Map<string, Change>;
  /** The merged changes that brought a commit. */
  readonly merged: Map<Sha, readonly ChangeId[]>;
  /** What the host shows of production. */
  readonly production: MemoryProduction;
  readonly environments: Map<string, Environment>;
  readonly releases: MemoryReleases;
  /** How the host lists the change when it is open. */
  listed: (change: Change) => readonly OpenChange[];
  /** What the target has beside a configured remote. */
  target: MemoryFiles;
  /** What the head adds to the target. */
  files: MemoryFiles;
  /** The status that the host shows beside a head. */
  readonly statuses: Map<Sha, Status>;
  /** Our comment. */
  comment: string | undefined;
  readonly comments: Map<string, Comment>;
  readonly pushers: Set<string>;
  /** Makes calls throw; undefined for those that do not. */
  readonly failing: Map<Call, (head: Sha) => Error | undefined>;
  /** The target's commit. */
  tip: Sha;
  /** What does not merge; undefined: it merges. */
  conflicts: readonly Conflict[] | undefined;
  /** Runs just before a snapshot is handed out. */
  meanwhile: () => void | Promise<void>;
}

export const remoteUrl = 's3://team-data/dvc';

const targetFiles: MemoryFiles = {
  '.dvc/config': `[core]\n    remote = storage\n['remote "storage"']\n    url = ${remoteUrl}\n`,
};

export function createGateWorld(): GateWorld {
  const clock = createHandClock();
  const { log, lines } = createKeptLog();
  const remote = createMemoryRemote();
  const trees = createMemoryTrees();
  const store = createMemoryRuns();
  const production = createMemoryProduction();
  const environments = new Map<string, Environment>();
  const releases = createMemoryReleases();

  function call(name: Call, head: Sha): void {
    const thrown = world.failing.get(name)?.(head);
    if (thrown !== undefined) throw thrown;
  }

  const shown = (): PostedComment | undefined =>
    world.comment === undefined ? undefined : { id: 1, text: world.comment, ours: true };
  const write = (text: string): string => (world.comment = text);

  const host: Host = {
    id: 'corp',
    changes: {
      read: async (asked) => {
        call('read', world.change?.head ?? sampleSha('e'));
        if (asked.kind === 'branch') return world.branches.get(asked.branch);
        return asked.kind === 'merge-group' ? world.groups.get(asked.branch) : world.change;
      },
      listOpen: async () => (world.change?.state === 'open' ? world.listed(world.change) : []),
      ofHead: async (repositoryId, sha) => {
        call('of-head', sha);
        const { state, head, number = 0 } = world.change ?? {};
        return state === 'open' && head === sha ? [{ repositoryId, number }] : [];
      },
      repositories: async () => [sampleRun().change.repository],
      listMergeGroups: async () => [...world.groups].map(([branch, { head }]) => ({ branch, head })),
      tip: async (_repository, branch = 'main') => {
        const found = world.branches.get(branch);
        const { repository, head: sha } = found ?? {};
        return repository && sha && { repository, branch, sha, isDefault: branch === 'main' };
      },
      mergedWith: async (_repository, sha) => world.merged.get(sha) ?? [],
      comment: async (_repository, _number, id) => world.comments.get(id),
    },
    reporter: {
      setStatus: async ({ head }, status, memory) => {
        call('status', head);
        world.statuses.set(head, status);
        return { ...memory, state: status.state };
      },
    },
    comments: {
      read: async ({ head }) => {
        call('comment', head);
        return shown();
      },
      list: async function* ({ head }) {
        call('comment', head);
        const comment = shown();
        if (comment !== undefined) yield comment;
      },
      create: async (_change, text) => ({ id: 1, text: write(text), ours: true }),
      edit: async (_change, _id, text) => void write(text),
      remove: async () => void (world.comment = undefined),
    },
    people: {
      mayPush: async (_repository, person) => world.pushers.has(person),
      mayRead: async () => true,
      idOf: async (login) => login,
    },
    production: production.reporter,
  };
  const readerFor = (head: Sha): MemoryTrees => ({
    ...trees,
    read: async (...wanted) => {
      call('blobs', head);
      return trees.read(...wanted);
    },
  });
  const snapshots: Snapshots = {
    take: async ({ head, alone }) => {
      call('snapshot', head);
      await world.meanwhile();
      const target = { ...targetFiles, ...world.target };
      const base = trees.add(alone === undefined || alone.since === world.tip ? target : {});
      const tree = trees.add({ ...target, ...world.files });
      return {
        base: { commit: alone === undefined ? world.tip : (alone.since ?? head), tree: base },
        head: { commit: head, tree },
        alone: alone && true,
        judged:
          world.conflicts === undefined
            ? { kind: 'merge-result', tree }
            : { kind: 'conflict', conflicts: world.conflicts },
        trees: readerFor(head),
      };
    },
    history: async ({ commit }) => {
      call('history', commit);
      const tree = trees.add({ ...targetFiles, ...world.target, ...world.files });
      return {
        trees: readerFor(commit),
        treeOf: async (sha) => (sha === commit ? tree : undefined),
        isAncestor: async (older, newer) => older === newer,
        touching: async () => [],
      };
    },
  };
  const world: GateWorld = {
    clock,
    store,
    remote,
    lines,
    change: sampleRun().change,
    groups: new Map(),
    branches: new Map(),
    merged: new Map(),
    production,
    environments,
    releases,
    listed: ({ number = 0, head, targetBranch }) => [{ number, head, targetBranch }],
    target: {},
    files: {},
    statuses: new Map(),
    comment: undefined,
    comments: new Map(),
    pushers: new Set(),
    failing: new Map(),
    tip: sampleSha('c'),
    conflicts: undefined,
    meanwhile: () => undefined,
    deps: {
      hosts: new Map([['corp', host]]),
      snapshots,
      stores: () => createMemoryStores({ [remoteUrl]: remote }),
      environments,
      releases,
      store,
      clock,
      log,
      limits: defaultLimits,
      // oxlint-disable-next-line unicorn/no-thenable -- a word of the configuration; it is a number
      looks: { after: [30_000, 60_000], then: 3_600_000, until: 86_400_000 },
      retries: defaultRetries,
      repositoryUrl: ({ id }) => `https://gate.example.com/?repository=corp/${id}`,
      runUrl: (id) => `https://gate.example.com/runs/${id}`,
      disclose: 'names',
      instance: 'test',
    },
  };
  return world;
}

/** A failure that a later try may not meet. */
export function passing(message = 'the host is away'): () => Error {
  return () => new RetryableError(message);
}

/** A pointer to data that nobody pushed. */
export const missingData: MemoryFiles = { 'd.csv.dvc': missingPointer('d.csv') };

/** The text of a pointer to that data, as the file `path`. */
export function missingPointer(path: string): string {
  return `outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 4\n  hash: md5\n  path: ${path}\n`;
}

export const never = new AbortController().signal;
export const subject = sampleSubject;
