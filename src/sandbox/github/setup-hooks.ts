import { randomUUID } from 'node:crypto';
import { deliver } from './hooks/deliver.ts';
import { pingBody } from './payloads/installation.ts';
import { presentRepository } from './repositories/present.ts';
import type { Hook, Repository, User } from './state.ts';
import type { World } from './world.ts';

/** A webhook to be added; a repository's hook without `events` gets all that the sandbox sends. */
export interface NewHook {
  readonly url: string;
  readonly secret?: string;
  readonly contentType?: 'json' | 'form';
  readonly events?: readonly string[];
}

/** Adds a hook to a repository and pings it. */
export function addHook(world: World, repository: Repository, wanted: NewHook): Hook {
  const target = { type: 'repository', id: repository.id } as const;
  const hook = newHook(world, wanted, target);
  repository.hooks.push(hook);
  ping(world, hook, repository.creator, repository);
  return hook;
}

/** A hook that is not yet known to anybody. */
export function newHook(world: World, wanted: NewHook, target: Hook['target']): Hook {
  return {
    id: world.nextId(),
    url: wanted.url,
    secret: wanted.secret,
    contentType: wanted.contentType ?? 'json',
    createdAt: world.now(),
    events: wanted.events ?? ['*'],
    target,
  };
}

/** Sends `ping`, as every new hook gets it. */
export function ping(world: World, hook: Hook, by: User, repository: Repository | undefined): void {
  const shown = repository && { repository: presentRepository(world, repository) };
  const body = JSON.stringify({ ...pingBody(world, { user: by }, hook, repository), ...shown });
  const about = { guid: randomUUID(), event: 'ping', action: undefined, installationId: undefined };
  const sending = { ...about, repositoryId: repository?.id, redelivery: false, body };
  world.background.start(async () => void (await deliver(world, hook, sending)));
}
