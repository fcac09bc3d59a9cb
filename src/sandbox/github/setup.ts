import { join } from 'node:path';
import { initBareRepository, readRefs } from '../git/bare-repository.ts';
import { git } from '../git/run.ts';
import { redeliver } from './hooks/send.ts';
import { addHook, type NewHook } from './setup-hooks.ts';
import { createAppSetup, type AppSetup } from './setup-apps.ts';
import type { Delivery, Hook, Permissions, Protection, Repository, Role, User } from './state.ts';
import { addUser, userNamed } from './users/named.ts';
import { fullName, type World } from './world.ts';

/** A user with the token that was made for them: a classic one that may do all that they may. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly token: string;
}

/** A repository to be created. */
export interface NewRepository {
  /** With owner, who must be there: `acme/auto-mpg`. */
  readonly name: string;
  /** Acts where a story names nobody, as an admin; the owner, where that is a person. */
  readonly creator?: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** What must be green on the default branch. */
  readonly requiredChecks?: Protection['requiredChecks'];
}

/** A personal token: with `permissions` it is a fine-grained one, which never has Checks. */
export interface NewToken {
  readonly value?: string;
  readonly permissions?: Omit<Permissions, 'checks'>;
  readonly repositories?: readonly Repository[];
}

/** What an administrator does before the story begins. */
export interface Setup extends AppSetup {
  addUser(wanted: { readonly login: string; readonly name?: string; readonly token?: string }): Account;
  addOrganization(login: string): User;
  /** The token. */
  addToken(login: string, wanted?: NewToken): string;
  revokeToken(value: string): void;
  createRepository(wanted: NewRepository): Promise<Repository>;
  /** A copy of a repository that belongs to somebody else, public as forks are. */
  fork(
    parent: Repository,
    wanted: { readonly owner: string; readonly private?: boolean },
  ): Promise<Repository>;
  /** Under the old name the API answers 301 from now on. */
  renameRepository(repository: Repository, name: string): void;
  archive(repository: Repository, archived?: boolean): void;
  setCollaborator(repository: Repository, login: string, role: Role): void;
  protect(repository: Repository, branch: string, protection: Protection | undefined): void;
  /** A hook of the repository, as used where there is no App; it gets its `ping`. */
  addHook(repository: Repository, wanted: NewHook): Hook;
  /** Sends a delivery again, as the button does. */
  redeliver(deliveryId: number): Promise<Delivery>;
}

/** Works on the world directly, without the API. */
export function createSetup(world: World): Setup {
  return {
    ...createAppSetup(world),
    addUser({ login, name = login, token }) {
      const user = addUser(world, { login, name, type: 'User' });
      return { id: user.id, login, token: addToken(login, token === undefined ? {} : { value: token }) };
    },
    addOrganization: (login) => addUser(world, { login, name: login, type: 'Organization' }),
    addToken,
    revokeToken(value) {
      for (const token of world.tokens) if (token.value === value) token.revoked = true;
    },
    createRepository: (wanted) => createRepository(world, wanted),
    fork: (parent, wanted) => fork(world, parent, wanted),
    renameRepository(repository, name) {
      repository.formerNames.push(fullName(repository));
      repository.name = name;
    },
    archive: (repository, archived = true) => void (repository.archived = archived),
    setCollaborator: (repository, login, role) =>
      void repository.collaborators.set(userNamed(world, login).id, role),
    protect(repository, branch, protection) {
      if (protection === undefined) repository.protection.delete(branch);
      else repository.protection.set(branch, protection);
    },
    addHook: (repository, wanted) => addHook(world, repository, wanted),
    redeliver(deliveryId) {
      const found = world.deliveries.entries.find((delivery) => delivery.id === deliveryId);
      if (found === undefined) throw new Error(`no delivery ${deliveryId}`);
      return redeliver(world, found);
    },
  };

  function addToken(login: string, wanted: NewToken = {}): string {
    const { permissions, repositories } = wanted;
    const prefix = permissions === undefined ? 'ghp' : 'github_pat';
    const value = wanted.value ?? `${prefix}_sandbox${world.nextId()}`;
    world.tokens.push({
      kind: 'personal',
      value,
      user: userNamed(world, login),
      permissions,
      repositories: repositories && new Set(repositories),
      revoked: false,
    });
    return value;
  }
}

async function createRepository(world: World, wanted: NewRepository): Promise<Repository> {
  const [login = '', name = ''] = wanted.name.split('/');
  const owner = userNamed(world, login);
  const creator = wanted.creator === undefined ? owner : userNamed(world, wanted.creator);
  const repository = newRepository(world, { owner, creator, name, forkedFrom: undefined });
  repository.private = wanted.private ?? true;
  repository.defaultBranch = wanted.defaultBranch ?? 'main';
  for (const [user, role] of Object.entries(wanted.collaborators ?? {}))
    repository.collaborators.set(userNamed(world, user).id, role);
  const { requiredChecks } = wanted;
  if (requiredChecks !== undefined) repository.protection.set(repository.defaultBranch, { requiredChecks });
  await initBareRepository(repository.directory, repository.defaultBranch);
  return repository;
}

async function fork(
  world: World,
  parent: Repository,
  wanted: { readonly owner: string; readonly private?: boolean },
): Promise<Repository> {
  const owner = userNamed(world, wanted.owner);
  const repository = newRepository(world, { owner, creator: owner, name: parent.name, forkedFrom: parent });
  repository.private = wanted.private ?? parent.private;
  repository.defaultBranch = parent.defaultBranch;
  await initBareRepository(repository.directory, repository.defaultBranch);
  if ((await readRefs(parent.directory)).size > 0) {
    const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
    await git(repository.directory, ['fetch', '--quiet', parent.directory, ...refs]);
  }
  return repository;
}

function newRepository(
  world: World,
  wanted: Pick<Repository, 'owner' | 'creator' | 'name' | 'forkedFrom'>,
): Repository {
  const id = world.nextId();
  const now = world.now();
  const repository: Repository = {
    ...wanted,
    id,
    directory: join(world.root, `${id}.git`),
    createdAt: now,
    formerNames: [],
    collaborators: new Map([[wanted.creator.id, 'admin']]),
    hooks: [],
    pulls: [],
    comments: [],
    checkSuites: [],
    checkRuns: [],
    statuses: [],
    mergeGroups: [],
    deployments: [],
    renamedBranches: new Map(),
    protection: new Map(),
    private: true,
    archived: false,
    defaultBranch: 'main',
    pushedAt: now,
    updatedAt: now,
    lastNumber: 0,
  };
  world.repositories.push(repository);
  return repository;
}
