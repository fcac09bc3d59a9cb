import { levelOf, requireLevel, visibleProject } from '../access.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { requiredText, textParam } from '../api/params.ts';
import { forbidden, invalidRecord, notFound } from '../refusal.ts';
import type { Project, User } from '../state.ts';
import type { Environment } from '../state-deployments.ts';
import type { World } from '../world.ts';
import { presentEnvironment } from './present.ts';

const all = '/projects/:id/environments';
const one = `${all}/:environment_id`;

/** Environments; a reporter may look, a developer makes and changes them. */
export function environmentRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: all, handle: list },
    { method: 'POST', pattern: all, handle: create },
    { method: 'GET', pattern: one, handle: (call) => ok(presentEnvironment(environmentOf(call, 20))) },
    { method: 'PUT', pattern: one, handle: update },
  ];

  function list(call: Call): Answer {
    const project = projectOf(call, 20);
    const name = textParam(call.params, 'name');
    const search = textParam(call.params, 'search');
    const wanted = project.environments.filter(
      (entry) => (name ?? entry.name) === entry.name && entry.name.includes(search ?? ''),
    );
    return paged(world, call, `/projects/${project.id}/environments`, wanted, presentEnvironment);
  }

  function create(call: Call): Answer {
    const project = projectOf(call, 30);
    const name = requiredText(call.params, 'name');
    if (project.environments.some((entry) => entry.name === name))
      throw invalidRecord({ name: ['has already been taken'] });
    const made = findOrCreate(world, project, name);
    made.externalUrl = textParam(call.params, 'external_url');
    return created(presentEnvironment(made));
  }

  function update(call: Call): Answer {
    const environment = environmentOf(call, 30);
    environment.externalUrl = textParam(call.params, 'external_url') ?? environment.externalUrl;
    environment.updatedAt = world.now();
    return ok(presentEnvironment(environment));
  }

  function environmentOf(call: Call, level: 20 | 30): Environment {
    const project = projectOf(call, level);
    const found = project.environments.find((entry) => String(entry.id) === call.path['environment_id']);
    if (found === undefined) throw notFound('Environment');
    if (level === 30) requireDeployer(project, call.caller.user, found.name);
    return found;
  }

  function projectOf(call: Call, level: 20 | 30): Project {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    requireLevel(project, call.caller.user, level);
    return project;
  }
}

/** The environment of that name, made where there is none. @throws Refusal 400 for a name that is none. */
export function findOrCreate(world: World, project: Project, name: string): Environment {
  const found = project.environments.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  if (!/^[\w\\/${}. -]{1,255}$/.test(name)) {
    const rule = "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces";
    throw invalidRecord({ name: [rule] });
  }
  const now = world.now();
  const made = { id: world.nextId(), name, createdAt: now, updatedAt: now, externalUrl: undefined };
  project.environments.push(made);
  return made;
}

/** @throws Refusal 403 for somebody below the level that a protected environment asks for. */
export function requireDeployer(project: Project, user: User | undefined, name: string): void {
  const needed = project.protectedEnvironments.get(name) ?? 30;
  if ((levelOf(project, user) ?? 0) < needed) throw forbidden();
}
