import type { KeyObject } from 'node:crypto';
import type { Pull, Comment, MergeGroup } from './state-pulls.ts';
import type { CheckRun, CheckSuite, CommitStatus } from './state-checks.ts';
import type { Deployment } from './state-deployments.ts';

/** What a collaborator may do, rising from `none` to `admin`. */
export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** Permissions of Apps and fine-grained tokens that mean something here. */
export type PermissionName =
  | 'metadata'
  | 'contents'
  | 'pull_requests'
  | 'issues'
  | 'checks'
  | 'statuses'
  | 'deployments'
  | 'merge_queues'
  | 'administration'
  | 'repository_hooks'
  | 'members';

/** How much of each. */
export type Permissions = Readonly<Partial<Record<PermissionName, 'read' | 'write'>>>;

/** A person, the bot of an App, or an organisation. */
export interface User {
  readonly id: number;
  readonly login: string;
  readonly name: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly createdAt: Date;
}

/** A GitHub App. */
export interface App {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: User;
  readonly bot: User;
  readonly publicKey: KeyObject;
  readonly createdAt: Date;
  readonly hook: Hook | undefined;
  readonly installations: Installation[];
  permissions: Permissions;
  events: readonly string[];
}

/** An App on an account. */
export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: User;
  readonly createdAt: Date;
  /** Of the account's repositories; undefined: all of them. */
  repositories: Set<Repository> | undefined;
  /** What the owner agreed to: an App may ask for more later. */
  permissions: Permissions;
  events: readonly string[];
  suspendedAt: Date | undefined;
  suspendedBy: User | undefined;
  updatedAt: Date;
}

/** What is sent as `Authorization`. */
export type Token = InstallationToken | PersonalToken;

/** Minted by an App for an hour. */
export interface InstallationToken {
  readonly kind: 'installation';
  readonly value: string;
  readonly installation: Installation;
  /** Narrowed to these; undefined: all of the installation. */
  readonly repositories: ReadonlySet<Repository> | undefined;
  readonly permissions: Permissions;
  readonly expiresAt: Date;
  revoked: boolean;
}

/** A personal access token: classic without `permissions`, fine-grained with. */
export interface PersonalToken {
  readonly kind: 'personal';
  readonly value: string;
  readonly user: User;
  readonly permissions: Permissions | undefined;
  readonly repositories: ReadonlySet<Repository> | undefined;
  revoked: boolean;
}

/** A repository and everything in it. */
export interface Repository {
  readonly id: number;
  readonly owner: User;
  readonly directory: string;
  /** Acts where a story names nobody. */
  readonly creator: User;
  readonly forkedFrom: Repository | undefined;
  readonly createdAt: Date;
  /** Full names it had before, which lead to it. */
  readonly formerNames: string[];
  readonly collaborators: Map<number, Role>;
  readonly hooks: Hook[];
  readonly pulls: Pull[];
  readonly comments: Comment[];
  readonly checkSuites: CheckSuite[];
  readonly checkRuns: CheckRun[];
  readonly statuses: CommitStatus[];
  readonly mergeGroups: MergeGroup[];
  /** Oldest first. */
  readonly deployments: Deployment[];
  /** Former names of branches, which lead to them. */
  readonly renamedBranches: Map<string, string>;
  /** Branch name to its protection. */
  readonly protection: Map<string, Protection>;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  pushedAt: Date;
  updatedAt: Date;
  lastNumber: number;
}

/** What must be green before a branch moves. */
export interface Protection {
  readonly requiredChecks: readonly RequiredCheck[];
}

/** A check or status that must be green; with `app`, only that App's counts. */
export interface RequiredCheck {
  readonly context: string;
  readonly app?: App;
}

/** Where deliveries go: the one hook of an App, or a hook of a repository. */
export interface Hook {
  readonly id: number;
  readonly url: string;
  readonly secret: string | undefined;
  readonly contentType: 'json' | 'form';
  readonly createdAt: Date;
  /** A repository's hook has its own list, `*` is all; an App's events are the installation's. */
  readonly events: readonly string[];
  readonly target: { readonly type: 'integration' | 'repository'; readonly id: number };
}

/** One try to deliver an event. */
export interface Delivery {
  readonly id: number;
  /** The same for every try of one event. */
  readonly guid: string;
  readonly hook: Hook;
  readonly event: string;
  readonly action: string | undefined;
  readonly installationId: number | undefined;
  readonly repositoryId: number | undefined;
  readonly redelivery: boolean;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  /** `OK`, or what went wrong. */
  readonly status: string;
  /** 502 and 504 where there was no answer. */
  readonly statusCode: number;
  readonly responseBody: string;
  readonly deliveredAt: Date;
  readonly durationMs: number;
}
