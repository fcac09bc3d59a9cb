import { levelOf, visibleProject } from '../access.ts';
import { ok, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import type { World } from '../world.ts';
import { presentProject } from './present.ts';

/** Projects: one, and those the caller may see. */
export function projectRoutes(world: World): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '/projects',
      handle: (call) => {
        const { user } = call.caller;
        const memberOnly = call.params['membership'] === 'true';
        const search = call.query.get('search') ?? '';
        const visible = world.projects
          .filter((project) => levelOf(project, user) !== undefined && project.path.includes(search))
          .filter((project) => !memberOnly || (user !== undefined && project.members.has(user.id)))
          .toSorted((one, other) => other.id - one.id);
        return paged(world, call, '/projects', visible, (project) => presentProject(world, project, user));
      },
    },
    {
      method: 'GET',
      pattern: '/projects/:id',
      handle: (call) => {
        const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
        return ok(presentProject(world, project, call.caller.user));
      },
    },
  ];
}
