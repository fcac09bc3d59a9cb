import { join } from 'node:path';
import { initBareRepository, readRefs } from '../git/bare-repository.ts';
import { git } from '../git/run.ts';
import { resend } from './hooks/send.ts';
import type {
  AccessLevel,
  Delivery,
  Hook,
  HookEvent,
  Project,
  ProjectSettings,
  Token,
  TokenScope,
  User,
} from './state.ts';
import type { World } from './world.ts';

/** A user with the token that was made for them. */
export interface Account {
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

/** A project to be created. `owner` becomes its owner. */
export interface NewProject extends Partial<ProjectSettings> {
  /** With namespace: `ml/auto-mpg`. */
  readonly path: string;
  readonly owner: string;
  readonly members?: Readonly<Record<string, AccessLevel>>;
  /** Branch to the level that may push; by default the default branch needs a maintainer. */
  readonly protectedBranches?: Readonly<Record<string, AccessLevel | 0>>;
}

/** A webhook to be added; without `events` it gets all that the sandbox sends. */
export interface NewHook {
  readonly url: string;
  readonly secretToken?: string;
  readonly signingToken?: string;
  readonly events?: readonly HookEvent[];
}

/** What an administrator does before the story begins. */
export interface Setup {
  addUser(wanted: {
    readonly username: string;
    readonly name?: string;
    readonly bot?: boolean;
    readonly token?: string;
  }): Account;
  blockUser(username: string): void;
  addToken(
    username: string,
    wanted?: { readonly value?: string; readonly scopes?: readonly TokenScope[] },
  ): string;
  revokeToken(value: string): void;
  createProject(wanted: NewProject): Promise<Project>;
  /** A copy of a project that belongs to somebody else. */
  fork(project: Project, wanted: { readonly path: string; readonly owner: string }): Promise<Project>;
  setProject(project: Project, settings: Partial<ProjectSettings>): void;
  addMember(project: Project, username: string, level: AccessLevel): void;
  addHook(project: Project, wanted: NewHook): Hook;
  /** Only those of the level may deploy there from now on. */
  protectEnvironment(project: Project, name: string, level: AccessLevel): void;
  /** Sends a delivery again, as the button does. */
  resend(deliveryId: number): Promise<Delivery>;
}

const allEvents: readonly HookEvent[] = [
  'push',
  'tag_push',
  'merge_requests',
  'note',
  'pipeline',
  'deployment',
];

/** Works on the world directly, without the API. */
export function createSetup(world: World): Setup {
  return {
    addUser,
    blockUser: (username) => void (userNamed(world, username).state = 'blocked'),
    addToken,
    revokeToken,
    createProject,
    fork,
    setProject,
    addMember,
    addHook,
    protectEnvironment: (project, name, level) => void project.protectedEnvironments.set(name, level),
    resend: resendDelivery,
  };

  function addUser(wanted: {
    readonly username: string;
    readonly name?: string;
    readonly bot?: boolean;
    readonly token?: string;
  }): Account {
    const { username, name = username, bot = false, token } = wanted;
    const user: User = { id: world.nextId(), username, name, bot, state: 'active' };
    world.users.push(user);
    return { id: user.id, username, token: addToken(username, token === undefined ? {} : { value: token }) };
  }

  function addToken(
    username: string,
    wanted: { readonly value?: string; readonly scopes?: readonly TokenScope[] } = {},
  ): string {
    const { value = `glpat-sandbox-${world.nextId()}`, scopes = ['api'] } = wanted;
    const token: Token = { value, user: userNamed(world, username), scopes, revoked: false };
    world.tokens.push(token);
    return value;
  }

  function revokeToken(value: string): void {
    for (const token of world.tokens) if (token.value === value) token.revoked = true;
  }

  async function createProject(wanted: NewProject): Promise<Project> {
    const { path, owner, members = {}, protectedBranches, ...settings } = wanted;
    const project = newProject(world, {
      path,
      creator: userNamed(world, owner),
      forkedFrom: undefined,
      settings,
    });
    for (const [username, level] of Object.entries(members)) addMember(project, username, level);
    const protection = protectedBranches ?? { [project.settings.defaultBranch]: 40 };
    for (const [branch, level] of Object.entries(protection)) project.protectedBranches.set(branch, level);
    await initBareRepository(project.directory, project.settings.defaultBranch);
    return project;
  }

  async function fork(
    parent: Project,
    wanted: { readonly path: string; readonly owner: string },
  ): Promise<Project> {
    const creator = userNamed(world, wanted.owner);
    const project = newProject(world, {
      path: wanted.path,
      creator,
      forkedFrom: parent,
      settings: parent.settings,
    });
    await initBareRepository(project.directory, project.settings.defaultBranch);
    const refs = await readRefs(parent.directory);
    const heads = '+refs/heads/*:refs/heads/*';
    if (refs.size > 0)
      await git(project.directory, ['fetch', '--quiet', parent.directory, heads, '+refs/tags/*:refs/tags/*']);
    return project;
  }

  function addMember(project: Project, username: string, level: AccessLevel): void {
    project.members.set(userNamed(world, username).id, level);
  }

  function addHook(project: Project, wanted: NewHook): Hook {
    const hook: Hook = {
      id: world.nextId(),
      project,
      url: wanted.url,
      secretToken: wanted.secretToken,
      signingToken: wanted.signingToken,
      events: new Set(wanted.events ?? allEvents),
      createdAt: world.now(),
      recentFailures: 0,
      disabledUntil: undefined,
    };
    project.hooks.push(hook);
    return hook;
  }

  function resendDelivery(deliveryId: number): Promise<Delivery> {
    const found = world.deliveries.entries.find((delivery) => delivery.id === deliveryId);
    if (found === undefined) throw new Error(`no delivery ${deliveryId}`);
    return resend(world, found);
  }
}

function setProject(project: Project, settings: Partial<ProjectSettings>): void {
  project.settings = { ...project.settings, ...settings };
}

/** The user of that name. @throws Error when there is none. */
export function userNamed(world: World, username: string): User {
  const found = world.users.find((user) => user.username === username);
  if (found === undefined) throw new Error(`the GitLab sandbox has no user ${username}`);
  return found;
}

function newProject(
  world: World,
  wanted: Pick<Project, 'path' | 'creator' | 'forkedFrom'> & { readonly settings: Partial<ProjectSettings> },
): Project {
  const id = world.nextId();
  const project: Project = {
    id,
    path: wanted.path,
    directory: join(world.root, `${id}.git`),
    creator: wanted.creator,
    forkedFrom: wanted.forkedFrom,
    createdAt: world.now(),
    members: new Map([[wanted.creator.id, 50]]),
    protectedBranches: new Map(),
    hooks: [],
    mergeRequests: [],
    pipelines: [],
    environments: [],
    deployments: [],
    protectedEnvironments: new Map(),
    settings: {
      defaultBranch: 'main',
      visibility: 'private',
      ciEnabled: false,
      onlyAllowMergeIfPipelineSucceeds: false,
      allowMergeOnSkippedPipeline: false,
      mergePipelinesEnabled: false,
      mergeTrainsEnabled: false,
      archived: false,
      ...wanted.settings,
    },
  };
  world.projects.push(project);
  return project;
}
