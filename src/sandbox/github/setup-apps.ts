import { createPublicKey } from 'node:crypto';
import { tellInstallation, tellRepositories } from './payloads/installation.ts';
import { mintToken } from './apps/tokens.ts';
import { addUser, userNamed } from './users/named.ts';
import { newHook, ping, type NewHook } from './setup-hooks.ts';
import type { App, Installation, Permissions, Repository } from './state.ts';
import type { World } from './world.ts';

/** An App to be registered. */
export interface NewApp {
  /** Its bot is `<slug>[bot]`. */
  readonly slug: string;
  readonly owner: string;
  /** Of its key pair, in PEM; the private half stays with whoever calls the API. */
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly hook?: Omit<NewHook, 'events'>;
}

/** What owners of Apps and accounts do. */
export interface AppSetup {
  addApp(wanted: NewApp): App;
  /** Puts an App on an account, for all of its repositories or the given ones: `installation.created`. */
  install(
    app: App,
    account: string,
    wanted?: { readonly repositories?: readonly Repository[]; readonly permissions?: Permissions },
  ): Installation;
  /** `installation_repositories.added` and `.removed`. */
  selectRepositories(installation: Installation, repositories: readonly Repository[]): void;
  /** `installation.deleted`; its tokens are worth nothing. */
  uninstall(installation: Installation): void;
  suspend(installation: Installation, suspended?: boolean): void;
  /** What the owner agrees to: `installation.new_permissions_accepted`. */
  acceptPermissions(installation: Installation, permissions: Permissions): void;
  /** A token without the way by a JWT. */
  installationToken(installation: Installation, narrowed?: Readonly<Record<string, unknown>>): string;
}

/** Works on the world directly, without the API. */
export function createAppSetup(world: World): AppSetup {
  return {
    addApp: (wanted) => addApp(world, wanted),
    install: (app, account, wanted = {}) => install(world, app, account, wanted),
    selectRepositories(installation, repositories) {
      const before = installation.repositories ?? new Set<Repository>();
      const after = new Set(repositories);
      installation.repositories = after;
      installation.updatedAt = world.now();
      const added = repositories.filter((repository) => !before.has(repository));
      const removed = [...before].filter((repository) => !after.has(repository));
      const act = { user: installation.account };
      if (added.length > 0) tellRepositories(world, act, installation, { added, removed: [] });
      if (removed.length > 0) tellRepositories(world, act, installation, { added: [], removed });
    },
    uninstall(installation) {
      const { installations } = installation.app;
      installations.splice(installations.indexOf(installation), 1);
      tellInstallation(world, { user: installation.account }, installation, 'deleted');
    },
    suspend(installation, suspended = true) {
      installation.suspendedAt = suspended ? world.now() : undefined;
      installation.suspendedBy = suspended ? installation.account : undefined;
      const action = suspended ? 'suspend' : 'unsuspend';
      tellInstallation(world, { user: installation.account }, installation, action);
    },
    acceptPermissions(installation, permissions) {
      installation.permissions = permissions;
      installation.updatedAt = world.now();
      tellInstallation(world, { user: installation.account }, installation, 'new_permissions_accepted');
    },
    installationToken: (installation, narrowed = {}) => mintToken(world, installation, narrowed).value,
  };
}

function addApp(world: World, wanted: NewApp): App {
  const id = world.nextId();
  const { slug, permissions, events } = wanted;
  const owner = userNamed(world, wanted.owner);
  const target = { type: 'integration', id } as const;
  const hook = wanted.hook && newHook(world, { ...wanted.hook, events }, target);
  const app: App = {
    id,
    clientId: `Iv23sandbox${id}`,
    slug,
    name: slug,
    owner,
    bot: addUser(world, { login: `${slug}[bot]`, name: `${slug}[bot]`, type: 'Bot' }),
    publicKey: createPublicKey(wanted.publicKey),
    createdAt: world.now(),
    hook,
    installations: [],
    permissions,
    events,
  };
  world.apps.push(app);
  if (hook !== undefined) ping(world, hook, owner, undefined);
  return app;
}

function install(
  world: World,
  app: App,
  account: string,
  wanted: { readonly repositories?: readonly Repository[]; readonly permissions?: Permissions },
): Installation {
  const installation: Installation = {
    id: world.nextId(),
    app,
    account: userNamed(world, account),
    createdAt: world.now(),
    repositories: wanted.repositories && new Set(wanted.repositories),
    permissions: wanted.permissions ?? app.permissions,
    events: app.events,
    suspendedAt: undefined,
    suspendedBy: undefined,
    updatedAt: world.now(),
  };
  app.installations.push(installation);
  tellInstallation(world, { user: installation.account }, installation, 'created');
  return installation;
}
