import { randomUUID } from 'node:crypto';
import { requireLevel, visibleProject } from '../access.ts';
import { created, ok, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { notFound } from '../refusal.ts';
import type { Delivery, Hook, Project } from '../state.ts';
import { apiTime } from '../times.ts';
import type { World } from '../world.ts';
import { samplePush } from '../payloads/push.ts';
import { alertStatus } from './auto-disable.ts';
import { deliver, resend } from './send.ts';

/** Hooks and their deliveries; all of it needs a maintainer. */
export function hookRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/projects/:id/hooks', handle: list },
    { method: 'GET', pattern: '/projects/:id/hooks/:hook_id', handle: (call) => ok(present(hookOf(call))) },
    { method: 'GET', pattern: '/projects/:id/hooks/:hook_id/events', handle: listEvents },
    { method: 'POST', pattern: '/projects/:id/hooks/:hook_id/events/:event_id/resend', handle: resendEvent },
    { method: 'POST', pattern: '/projects/:id/hooks/:hook_id/test/:trigger', handle: testHook },
  ];

  function list(call: Call): ReturnType<typeof paged> {
    const project = projectOf(call);
    return paged(world, call, `/projects/${project.id}/hooks`, project.hooks, present);
  }

  function listEvents(call: Call): ReturnType<typeof paged> {
    const hook = hookOf(call);
    const events = world.deliveries.entries.filter(
      (delivery) => delivery.hook === hook && hasStatus(delivery, call.query.get('status')),
    );
    return paged(
      world,
      call,
      `/projects/${hook.project.id}/hooks/${hook.id}/events`,
      events.toReversed(),
      presentDelivery,
    );
  }

  async function resendEvent(call: Call): Promise<ReturnType<typeof created>> {
    const hook = hookOf(call);
    const found = world.deliveries.entries.find(
      (delivery) => delivery.hook === hook && String(delivery.id) === call.path['event_id'],
    );
    if (found === undefined) throw notFound('Web Hook Log');
    const { responseStatus } = await resend(world, found);
    return created({ response_status: responseStatus });
  }

  /** The sample looks like a real push: nothing marks it as a test. A success enables the hook again. */
  async function testHook(call: Call): Promise<ReturnType<typeof created>> {
    const hook = hookOf(call);
    if (call.path['trigger'] !== 'push_events') throw notFound('Trigger');
    const body = JSON.stringify(await samplePush(world, hook.project));
    const ids = { key: randomUUID(), chain: randomUUID() };
    const { responseStatus } = await deliver(world, hook, { trigger: 'Push Hook', body, ids });
    return created({ message: `${responseStatus}` });
  }

  function projectOf(call: Call): Project {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    requireLevel(project, call.caller.user, 40);
    return project;
  }

  function hookOf(call: Call): Hook {
    const found = projectOf(call).hooks.find((hook) => String(hook.id) === call.path['hook_id']);
    if (found === undefined) throw notFound('Hook');
    return found;
  }

  function present(hook: Hook): Readonly<Record<string, unknown>> {
    return {
      id: hook.id,
      url: hook.url,
      created_at: apiTime(hook.createdAt),
      project_id: hook.project.id,
      push_events: hook.events.has('push'),
      tag_push_events: hook.events.has('tag_push'),
      merge_requests_events: hook.events.has('merge_requests'),
      note_events: hook.events.has('note'),
      pipeline_events: hook.events.has('pipeline'),
      deployment_events: hook.events.has('deployment'),
      enable_ssl_verification: true,
      token_present: hook.secretToken !== undefined,
      signing_token_present: hook.signingToken !== undefined,
      alert_status: alertStatus(hook, world.now()),
      disabled_until: apiTime(hook.disabledUntil),
    };
  }
}

function hasStatus(delivery: Delivery, wanted: string | null): boolean {
  const { responseStatus: status } = delivery;
  if (wanted === null) return true;
  if (typeof status === 'string') return false;
  if (wanted === 'successful') return status < 300;
  if (wanted === 'client_failure') return status >= 400 && status < 500;
  return wanted === 'server_failure' ? status >= 500 : String(status) === wanted;
}

function presentDelivery(delivery: Delivery): Readonly<Record<string, unknown>> {
  return {
    id: delivery.id,
    url: delivery.hook.url,
    trigger: delivery.trigger.toLowerCase().replaceAll(' ', '_').replace('_hook', '_hooks'),
    request_headers: delivery.requestHeaders,
    request_data: JSON.parse(delivery.requestBody) as unknown,
    response_headers: {},
    response_body: delivery.responseBody,
    response_status: String(delivery.responseStatus),
    execution_duration: delivery.durationMs / 1000,
    created_at: apiTime(delivery.createdAt),
  };
}
