import type { ShownStatus } from '../../contracts/host.ts';

/** The hosts that stories are told of. */
export type HostKind = 'gitlab' | 'github';

/** A repository, as people and as our records name it. */
export interface StoryRepository {
  readonly id: string;
  readonly path: string;
}

/** A merge or pull request; its `head` is the commit that it has at this moment. */
export interface StoryChange {
  readonly repository: StoryRepository;
  readonly number: number;
  readonly branch: string;
  readonly head: string;
}

/** What is to be proposed, and by whom; `from`: the fork that has the branch. */
export interface NewChange {
  readonly branch: string;
  readonly target: string;
  readonly title: string;
  readonly as?: string;
  readonly from?: StoryRepository;
}

/** A comment below a change. */
export interface StoryComment {
  readonly id: number;
  readonly text: string;
  readonly ours: boolean;
}

/** A status of ours; `hidden`: the host shows a newer one in its place. */
export interface StoryStatus extends ShownStatus {
  readonly hidden: boolean;
}

/** A webhook that the host tried to deliver. */
export interface StoryDelivery {
  readonly id: number;
  readonly aboutChange: boolean;
  /** 0: no answer. */
  readonly status: number;
}

/** What a request to the host is for: reading a change, a status, a comment, a deployment, who may push, git, or anything else. */
export type RequestKind = 'read' | 'status' | 'comment' | 'deployment' | 'permission' | 'git' | 'other';

/** `lost`: carried out, and answered with 502. `busy`: too many requests; to be asked again after so many seconds. */
export type StoryFault =
  | { readonly kind: 'broken'; readonly status: 500 | 502 | 503 }
  | { readonly kind: 'busy'; readonly retryAfter: number }
  | { readonly kind: 'lost' | 'hang' | 'drop' };

/** A webhook of our own making. */
export interface Posted {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a change reaches its target: `rebase` leaves no commit of its own for the merge. */
export type MergeStyle = 'merge' | 'squash' | 'rebase';

/** A deployment of a commit, as it stands. */
export interface StoryDeployment {
  readonly sha: string;
  readonly state: StoryStatus['state'];
}

/** Files by path; undefined deletes. */
export type StoryFiles = Readonly<Record<string, string | undefined>>;

/**
 * What people do and see on any host. There are an owner, a developer `ada`, a `reporter` who only reads, a `stranger`, and
 * `pipeline-bot`, as whom production runs push; whoever does something is the owner unless named.
 */
export interface StoryHost {
  readonly kind: HostKind;
  readonly url: string;
  /** Variables with the secrets of the host's part of the configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** The host's part of the configuration, as an entry of the list `hosts`. */
  configuration(webhookSecrets?: string): string;
  /** Everything that may never show, as far as it is known by now. */
  secrets(): readonly string[];
  /** What of our requests the host's published description does not allow, and what we did that nobody asked for. */
  readonly violations: readonly string[];

  /** From now on webhooks go to the service at the address; `secret`: another one than usually. */
  connect(service: string, secret?: string): void;
  /** From now on no webhook arrives. */
  disconnect(): void;
  readonly deliveries: () => readonly StoryDelivery[];
  /** Sends it again, as the button does; the answer's code. */
  redeliver(id: number): Promise<number>;
  /** The body of a webhook about a change of a repository that the host does not have, and its proof. */
  webhook(path: string, more?: { readonly id?: string; readonly pad?: string }): Posted;
  /** The webhook that proves that a secret is right. */
  ping(secret: string): Posted;

  addRepository(path: string): Promise<StoryRepository>;
  fork(repository: StoryRepository, owner: string): Promise<StoryRepository>;
  /** Commits and pushes; `from`: where a new branch begins. Returns the SHA. */
  commit(
    repository: StoryRepository,
    branch: string,
    files: StoryFiles,
    more?: { readonly as?: string; readonly from?: string; readonly message?: string },
  ): Promise<string>;
  tag(repository: StoryRepository, name: string, sha: string): Promise<void>;
  /** Moves a branch by force. */
  push(repository: StoryRepository, branch: string, sha: string): Promise<void>;

  open(repository: StoryRepository, wanted: NewChange): Promise<StoryChange>;
  edit(change: StoryChange, edit: { readonly title?: string; readonly target?: string }): Promise<void>;
  close(change: StoryChange): Promise<void>;
  reopen(change: StoryChange): Promise<void>;
  /** The tip of the target afterwards. */
  merge(change: StoryChange, style?: MergeStyle): Promise<string>;
  comment(person: string, change: StoryChange, text: string): Promise<StoryComment>;
  editComment(person: string, change: StoryChange, comment: StoryComment, text: string): Promise<void>;

  /** Oldest first, without what the host itself wrote. */
  comments(change: StoryChange): readonly StoryComment[];
  /** Our statuses of a head of the change, of its newest unless named; oldest first. */
  statuses(change: StoryChange, head?: string): readonly StoryStatus[];

  /** Our statuses `modelgate/production` of a commit, oldest first. */
  production(repository: StoryRepository, sha: string): readonly StoryStatus[];
  /** Deployments to an environment, oldest first. */
  deployments(repository: StoryRepository, environment: string): readonly StoryDeployment[];

  /** Makes requests of the kind go wrong; the returned function ends it. */
  fail(on: RequestKind, fault: StoryFault, times?: number): () => void;
  /** Hears of every request; the returned function ends it. */
  observe(listener: (kind: RequestKind) => void): () => void;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  dispose(): Promise<void>;
}
