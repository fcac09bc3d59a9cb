import { Refusal, forbidden, notFound, unauthorized } from './refusal.ts';
import type { AccessLevel, MergeRequest, Project, Token, TokenScope, User } from './state.ts';
import type { World } from './world.ts';

/** Who calls the API. */
export interface Caller {
  readonly user: User | undefined;
  readonly scopes: readonly TokenScope[];
}

/** Finds the token of a request. @throws Refusal 401 for a token that is not valid, 403 for a blocked user. */
export function authenticate(world: World, headers: Readonly<Record<string, string>>): Caller {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1];
  const value = headers['private-token'] ?? bearer;
  if (value === undefined) return { user: undefined, scopes: [] };
  const token = validToken(world, value);
  if (token === undefined) throw unauthorized();
  if (token.user.state === 'blocked') throw forbidden('Your account has been blocked.');
  return { user: token.user, scopes: token.scopes };
}

/** The token of that text, unless it was revoked. */
export function validToken(world: World, value: string): Token | undefined {
  const found = world.tokens.find((token) => token.value === value);
  if (found?.revoked !== true) return found;
  return undefined;
}

/** @throws Refusal 403 `insufficient_scope`. */
export function requireScope(caller: Caller, method: string): void {
  if (caller.user === undefined || caller.scopes.includes('api')) return;
  if (method === 'GET' && caller.scopes.includes('read_api')) return;
  throw new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: method === 'GET' ? 'api read_api' : 'api',
  });
}

/** The caller. @throws Refusal 401 for nobody. */
export function requireUser(caller: Caller): User {
  if (caller.user === undefined) throw unauthorized();
  return caller.user;
}

/** The level of a user in a project: 0 for those who may only look, undefined where they may not. */
export function levelOf(project: Project, user: User | undefined): AccessLevel | 0 | undefined {
  const member = user === undefined ? undefined : project.members.get(user.id);
  if (member !== undefined) return member;
  const { visibility } = project.settings;
  return visibility === 'public' || (visibility === 'internal' && user !== undefined) ? 0 : undefined;
}

/** The project of a numeric id or a path. @throws Refusal 404 where it is not there, or not for these eyes. */
export function visibleProject(world: World, idOrPath: string, user: User | undefined): Project {
  const project = findProject(world, idOrPath);
  if (project === undefined || levelOf(project, user) === undefined) throw notFound('Project');
  return project;
}

/** The project of a numeric id or a full path. */
export function findProject(world: World, idOrPath: string | number): Project | undefined {
  const text = String(idOrPath);
  return world.projects.find((project) => String(project.id) === text || project.path === text);
}

/** @throws Refusal 403 below the level. */
export function requireLevel(project: Project, user: User | undefined, level: AccessLevel): void {
  if (user === undefined) throw unauthorized();
  if ((levelOf(project, user) ?? 0) < level) throw forbidden();
}

/** The merge request of an iid. @throws Refusal 404. */
export function visibleMergeRequest(project: Project, iid: string): MergeRequest {
  const found = project.mergeRequests.find((mergeRequest) => String(mergeRequest.iid) === iid);
  if (found === undefined) throw notFound('Merge Request');
  return found;
}

/** Whether a user may push to a branch: a developer, or what the protection of the branch asks for. */
export function mayPush(project: Project, user: User, branch: string): boolean {
  const level = levelOf(project, user) ?? 0;
  const needed = project.protectedBranches.get(branch) ?? 30;
  return needed !== 0 && level >= needed && !project.settings.archived;
}
