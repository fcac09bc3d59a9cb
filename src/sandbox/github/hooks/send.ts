import { randomUUID } from 'node:crypto';
import { covers } from '../access.ts';
import { presentRepository } from '../repositories/present.ts';
import type { App, Delivery, Hook, Installation, PermissionName, Repository } from '../state.ts';
import { presentOrganization } from '../users/organization.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type Act, type World } from '../world.ts';
import { deliver } from './deliver.ts';

type Shown = Readonly<Record<string, unknown>>;

/** An event for the hooks of a repository and of the Apps that are installed there. */
export interface HookCall {
  /** The header `X-GitHub-Event`. */
  readonly event: string;
  readonly action?: string;
  /** An App hears of it only with one of these. */
  readonly permissions: readonly PermissionName[];
  /** Only this App hears of it, and no hook of the repository. */
  readonly onlyApp?: App;
  /** Built at once, but only where somebody listens. */
  readonly payload: () => Promise<Shown> | Shown;
  /** In place of the usual form of the repository. */
  readonly repository?: Shown;
}

/** Where an event goes. */
interface Target {
  readonly hook: Hook;
  readonly installation: Installation | undefined;
}

/** Sends an event to everybody who wants it, once, without retries. */
export async function callHooks(
  world: World,
  act: Act,
  repository: Repository,
  call: HookCall,
): Promise<void> {
  const targets = [...hooksOf(repository, call), ...installationsOf(world, repository, call)];
  if (targets.length === 0) return;
  const organization = presentOrganization(world, repository.owner);
  const body = {
    ...(call.action === undefined ? {} : { action: call.action }),
    ...(await call.payload()),
    repository: call.repository ?? presentRepository(world, repository),
    ...(organization === undefined ? {} : { organization }),
    sender: presentUser(world, act.user),
  };
  for (const target of targets) send(world, target, call, { body, repositoryId: repository.id });
}

/** Sends an event about an installation to its App: always, whatever it subscribed to. */
export function callApp(
  world: World,
  installation: Installation,
  call: { readonly event: string; readonly action: string; readonly body: Shown },
): void {
  const { hook } = installation.app;
  if (hook === undefined) return;
  const body = { action: call.action, ...call.body };
  const about = { event: call.event, action: call.action };
  start(world, hook, { ...about, body: JSON.stringify(body), installation, repositoryId: undefined });
}

function hooksOf(repository: Repository, call: HookCall): readonly Target[] {
  if (call.onlyApp !== undefined) return [];
  const wanting = repository.hooks.filter((hook) => wants(hook.events, call.event));
  return wanting.map((hook) => ({ hook, installation: undefined }));
}

function installationsOf(world: World, repository: Repository, call: HookCall): readonly Target[] {
  return world.apps.flatMap((app) => {
    const { hook } = app;
    if (hook === undefined || (call.onlyApp !== undefined && call.onlyApp !== app)) return [];
    const listening = app.installations.filter(
      (installation) =>
        covers(installation, repository) &&
        installation.suspendedAt === undefined &&
        (call.onlyApp === app || wants(installation.events, call.event)) &&
        call.permissions.some((name) => name === 'metadata' || installation.permissions[name] !== undefined),
    );
    return listening.map((installation) => ({ hook, installation }));
  });
}

function wants(events: readonly string[], event: string): boolean {
  return events.includes('*') || events.includes(event);
}

function send(
  world: World,
  target: Target,
  call: HookCall,
  event: { readonly body: Shown; readonly repositoryId: number },
): void {
  const { installation } = target;
  const own = installation && {
    installation: { id: installation.id, node_id: nodeId('IN', installation.id) },
  };
  const body = JSON.stringify({ ...event.body, ...own });
  start(world, target.hook, { ...call, body, installation, repositoryId: event.repositoryId });
}

function start(
  world: World,
  hook: Hook,
  event: {
    readonly event: string;
    readonly action?: string;
    readonly body: string;
    readonly installation: Installation | undefined;
    readonly repositoryId: number | undefined;
  },
): void {
  const { installation, ...rest } = event;
  const kind = { guid: randomUUID(), action: undefined, ...rest, installationId: installation?.id };
  world.background.start(async () => void (await deliver(world, hook, { ...kind, redelivery: false })));
}

/** Sends a delivery again: same GUID and body. */
export function redeliver(world: World, delivery: Delivery): Promise<Delivery> {
  const { guid, event, action, installationId, repositoryId, requestBody } = delivery;
  const again = { guid, event, action, installationId, repositoryId, body: requestBody, redelivery: true };
  return deliver(world, delivery.hook, again);
}
