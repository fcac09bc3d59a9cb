import type { GitAccess, GitDecision } from '../git-http.ts';
import { isAtLeast, roleOf, tokenCovers, validToken } from './access.ts';
import { findRepository } from './repositories/find.ts';
import type { Repository, Token, User } from './state.ts';
import type { World } from './world.ts';

/** Who may fetch from and push to a repository over HTTP: the token is the password of `x-access-token`. */
export function decideGitAccess(world: World, access: GitAccess): GitDecision<User | undefined> {
  const repository = findRepository(world, access.path);
  if (access.token === undefined) {
    const open = access.service === 'read' && repository?.private === false;
    return open ? granted(repository, undefined) : { kind: 'unauthenticated' };
  }
  const token = validToken(world, access.token);
  if (token === undefined) return { kind: 'unauthenticated' };
  if (repository === undefined || !reaches(token, repository)) return { kind: 'missing' };
  if (!allows(token, repository, access.service)) return { kind: 'forbidden' };
  return granted(repository, token.kind === 'personal' ? token.user : token.installation.app.bot);
}

function reaches(token: Token, repository: Repository): boolean {
  if (!repository.private) return true;
  if (token.kind === 'installation')
    return token.installation.suspendedAt === undefined && tokenCovers(token, repository);
  return (token.repositories?.has(repository) ?? true) && roleOf(repository, token.user) !== 'none';
}

function allows(token: Token, repository: Repository, service: 'read' | 'write'): boolean {
  if (service === 'read' && !repository.private) return true;
  if (service === 'write' && repository.archived) return false;
  const contents = token.permissions?.contents;
  const granted = service === 'read' ? contents !== undefined : contents === 'write';
  if (token.kind === 'installation') return granted && tokenCovers(token, repository);
  const role = isAtLeast(roleOf(repository, token.user), service);
  return role && (token.permissions === undefined || granted);
}

/** Nobody pushes to the branches of the merge queue. */
function granted(repository: Repository, user: User | undefined): GitDecision<User | undefined> {
  const refuse = ['refs/heads/gh-readonly-queue'];
  return { kind: 'granted', directory: repository.directory, actor: user, refuse };
}
