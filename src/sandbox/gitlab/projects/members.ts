import { visibleProject } from '../access.ts';
import { ok, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { notFound } from '../refusal.ts';
import type { Project } from '../state.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';

/** Members, inherited ones included (the sandbox has no groups, so there are none). */
export function memberRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/projects/:id/members/all', handle: list },
    { method: 'GET', pattern: '/projects/:id/members/all/:user_id', handle: show },
    { method: 'GET', pattern: '/projects/:id/members/:user_id', handle: show },
  ];

  function list(call: Call): ReturnType<typeof paged> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const path = `/projects/${project.id}/members/all`;
    return paged(world, call, path, [...project.members.keys()], (id) => present(project, id));
  }

  function show(call: Call): ReturnType<typeof ok> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const member = present(project, Number(call.path['user_id']));
    if (member === undefined) throw notFound('Not found');
    return ok(member);
  }

  function present(project: Project, userId: number): Readonly<Record<string, unknown>> | undefined {
    const user = world.users.find((candidate) => candidate.id === userId);
    const level = project.members.get(userId);
    if (user === undefined || level === undefined) return undefined;
    return { ...presentUser(world, user), access_level: level, expires_at: null, membership_state: 'active' };
  }
}
