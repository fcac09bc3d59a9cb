import { openRepository, requireApp } from '../access.ts';
import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged, pagedByCursor } from '../api/paging.ts';
import { notFound } from '../refusal.ts';
import type { Delivery, Hook, Repository } from '../state.ts';
import { apiOf } from '../repositories/urls.ts';
import { time } from '../times.ts';
import type { World } from '../world.ts';
import { redeliver } from './send.ts';

const dayMs = 86_400_000;
/** How long deliveries are kept (specs git-hosts 2.1). */
const keptDays = 3;
const reading = { any: ['repository_hooks'], access: 'read', role: 'admin' } as const;
const writing = { ...reading, access: 'write' } as const;
const hooks = '/repos/:owner/:repo/hooks';

/** Deliveries of an App's hook, and of the hooks of a repository: nothing is ever sent again by itself. */
export function hookRoutes(world: World): readonly Route[] {
  return [
    ...deliveryRoutes('/app/hook', appHook),
    { method: 'GET', pattern: hooks, handle: listHooks },
    { method: 'GET', pattern: `${hooks}/:hook_id`, handle: showHook },
    ...deliveryRoutes(`${hooks}/:hook_id`, repositoryHook),
  ];

  function deliveryRoutes(base: string, hookOf: (call: Call) => Hook): readonly Route[] {
    return [
      { method: 'GET', pattern: `${base}/deliveries`, handle: (call) => list(call, hookOf(call)) },
      {
        method: 'GET',
        pattern: `${base}/deliveries/:id`,
        handle: (call) => ok(presentDelivery(deliveryOf(call, hookOf(call)))),
      },
      {
        method: 'POST',
        pattern: `${base}/deliveries/:id/attempts`,
        handle: (call) => {
          const delivery = deliveryOf(call, hookOf(call));
          world.background.start(async () => void (await redeliver(world, delivery)));
          return { status: 202, body: {} };
        },
      },
    ];
  }

  function list(call: Call, hook: Hook): Answer {
    const status = call.query.get('status');
    const wanted = deliveriesOf(hook).filter((delivery) => hasStatus(delivery, status));
    return pagedByCursor(call, wanted, presentItem);
  }

  /** Newest first. */
  function deliveriesOf(hook: Hook): readonly Delivery[] {
    const oldest = world.now().getTime() - keptDays * dayMs;
    return world.deliveries.entries
      .filter((delivery) => delivery.hook === hook && delivery.deliveredAt.getTime() >= oldest)
      .toReversed();
  }

  function deliveryOf(call: Call, hook: Hook): Delivery {
    const found = deliveriesOf(hook).find((delivery) => String(delivery.id) === call.path['id']);
    if (found === undefined) throw notFound();
    return found;
  }

  function appHook(call: Call): Hook {
    const { hook } = requireApp(call);
    if (hook === undefined) throw notFound();
    return hook;
  }

  function repositoryHook(call: Call): Hook {
    const repository = openRepository(world, call, call.method === 'GET' ? reading : writing);
    const found = repository.hooks.find((hook) => String(hook.id) === call.path['hook_id']);
    if (found === undefined) throw notFound();
    return found;
  }

  function listHooks(call: Call): Answer {
    const repository = openRepository(world, call, reading);
    return paged(call, repository.hooks, (hook) => presentHook(repository, hook));
  }

  function showHook(call: Call): Answer {
    const hook = repositoryHook(call);
    return ok(presentHook(openRepository(world, call, reading), hook));
  }

  function presentHook(repository: Repository, hook: Hook): Readonly<Record<string, unknown>> {
    const url = `${apiOf(world, repository)}/hooks/${hook.id}`;
    const secret = hook.secret === undefined ? {} : { secret: '********' };
    return {
      type: 'Repository',
      id: hook.id,
      name: 'web',
      active: true,
      events: hook.events,
      config: { url: hook.url, content_type: hook.contentType, insecure_ssl: '0', ...secret },
      updated_at: time(hook.createdAt),
      created_at: time(hook.createdAt),
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: { code: null, status: 'unused', message: null },
    };
  }
}

/** `failure` means an answer from 400 on: what never got one may carry any code (specs git-hosts 2.1). */
function hasStatus(delivery: Delivery, wanted: string | null): boolean {
  if (wanted === 'success') return delivery.statusCode >= 200 && delivery.statusCode < 400;
  if (wanted === 'failure') return delivery.statusCode >= 400;
  return true;
}

function presentItem(delivery: Delivery): Readonly<Record<string, unknown>> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt.toISOString(),
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action ?? null,
    installation_id: delivery.installationId ?? null,
    repository_id: delivery.repositoryId ?? null,
    throttled_at: null,
  };
}

function presentDelivery(delivery: Delivery): Readonly<Record<string, unknown>> {
  const headers = Object.entries(delivery.requestHeaders).filter(
    ([name]) => !name.startsWith('x-hub-signature'),
  );
  return {
    ...presentItem(delivery),
    url: delivery.hook.url,
    request: { headers: Object.fromEntries(headers), payload: JSON.parse(delivery.requestBody) as unknown },
    response: { headers: {}, payload: delivery.responseBody },
  };
}
