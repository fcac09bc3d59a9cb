import { levelOf, findProject, mayPush, validToken } from './access.ts';
import type { GitAccess, GitDecision } from '../git-http.ts';
import type { Project, Token, TokenScope, User } from './state.ts';
import type { World } from './world.ts';

/** Who may fetch from and push to a project over HTTP; the user is undefined for anonymous readers. */
export function decideGitAccess(world: World, access: GitAccess): GitDecision<User | undefined> {
  const project = findProject(world, access.path);
  if (access.token === undefined) {
    const open = access.service === 'read' && project?.settings.visibility === 'public';
    return open ? granted(project, undefined) : { kind: 'unauthenticated' };
  }
  const token = validToken(world, access.token);
  if (token === undefined) return { kind: 'unauthenticated' };
  const level = project === undefined ? undefined : levelOf(project, token.user);
  if (project === undefined || level === undefined) return { kind: 'missing' };
  const allowed =
    access.service === 'read'
      ? mayRead(project, level, token)
      : level >= 30 && has(token, ['api', 'write_repository']);
  return allowed ? granted(project, token.user) : { kind: 'forbidden' };
}

/** Guests of a private project do not see its code. */
function mayRead(project: Project, level: number, token: Token): boolean {
  const sees = level >= 20 || project.settings.visibility !== 'private';
  return sees && has(token, ['api', 'read_repository', 'write_repository']);
}

function has(token: Token, scopes: readonly TokenScope[]): boolean {
  return token.scopes.some((scope) => scopes.includes(scope));
}

function granted(project: Project, user: User | undefined): GitDecision<User | undefined> {
  const branches = [...project.protectedBranches.keys()];
  const refuse = branches.filter((branch) => user === undefined || !mayPush(project, user, branch));
  return {
    kind: 'granted',
    directory: project.directory,
    actor: user,
    refuse: refuse.map((branch) => `refs/heads/${branch}`),
  };
}
