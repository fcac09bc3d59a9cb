import { verifyJwt } from './apps/jwt.ts';
import type { Call } from './api/call.ts';
import { Refusal, badCredentials, forbidden, notFound } from './refusal.ts';
import { findRepository } from './repositories/find.ts';
import type {
  App,
  Installation,
  InstallationToken,
  PermissionName,
  PersonalToken,
  Repository,
  Role,
  Token,
  User,
} from './state.ts';
import { fullName, type World } from './world.ts';

/** Who calls the API. */
export type Caller =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'installation'; readonly token: InstallationToken }
  | { readonly kind: 'personal'; readonly token: PersonalToken };

/** What an operation asks for: one of the permissions for a token, a role for a person. */
export interface Needs {
  readonly any: readonly PermissionName[];
  readonly access: 'read' | 'write';
  /** For people; by default `read` to read and `write` to write. */
  readonly role?: Role;
  /** Also where the repository is archived. */
  readonly archived?: boolean;
}

const roles: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
const noIntegration = 'Resource not accessible by integration';

/** Finds who sends a request. @throws Refusal 401 for a token or JWT that is not valid, 403 while suspended. */
export function authenticate(world: World, headers: Readonly<Record<string, string>>): Caller {
  const value = credentials(headers['authorization'] ?? '');
  if (value === undefined) return { kind: 'nobody' };
  if (/^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(value)) return { kind: 'app', app: verifyJwt(world, value) };
  const token = validToken(world, value);
  if (token === undefined) throw badCredentials();
  if (token.kind === 'personal') return { kind: 'personal', token };
  if (token.installation.suspendedAt !== undefined) throw forbidden('This installation has been suspended');
  return { kind: 'installation', token };
}

function credentials(authorization: string): string | undefined {
  const found = /^(?:bearer|token)\s+(\S+)$/i.exec(authorization)?.[1];
  if (found !== undefined) return found;
  const basic = /^basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return undefined;
  return Buffer.from(basic, 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}

/** The token of that text, unless it was revoked, is over, or its installation is gone. */
export function validToken(world: World, value: string): Token | undefined {
  const found = world.tokens.find((token) => token.value === value);
  if (found === undefined || found.revoked) return undefined;
  if (found.kind === 'personal') return found;
  const { installation, expiresAt } = found;
  return expiresAt > world.now() && installation.app.installations.includes(installation) ? found : undefined;
}

/** The App of a JWT. @throws Refusal 401 for anybody else. */
export function requireApp(call: Call): App {
  if (call.caller.kind === 'app') return call.caller.app;
  throw badCredentials('A JSON web token could not be decoded');
}

/** The repository that a call names, if the caller may do that. @throws Refusal 301, 307, 401, 403, 404. */
export function openRepository(world: World, call: Call, needs: Needs): Repository {
  const name = `${call.path['owner']}/${call.path['repo']}`;
  const repository = findRepository(world, name);
  const reach = repository === undefined ? undefined : reachOf(call.caller, repository);
  if (repository === undefined || reach === undefined) throw notFound();
  if (fullName(repository).toLowerCase() !== name.toLowerCase()) throw moved(call, repository);
  requirePermission(call.caller, repository, reach, needs);
  if (needs.access === 'write' && repository.archived && needs.archived !== true)
    throw forbidden('Repository was archived so is read-only.');
  return repository;
}

/** A renamed repository is found at its id: a GET is sent on with 301, everything else with 307. */
function moved(call: Call, repository: Repository): Refusal {
  const rest = call.target.split('/').slice(4).join('/');
  const query = call.query.size > 0 ? `?${call.query.toString()}` : '';
  const url = `${call.base}/repositories/${repository.id}${rest === '' ? '' : `/${rest}`}${query}`;
  const status = call.method === 'GET' ? 301 : 307;
  const message = status === 301 ? 'Moved Permanently' : 'Temporary Redirect';
  return new Refusal(status, { message, url }, { location: url });
}

/** How a caller comes to a repository: by right, or because everybody may look; undefined: not at all. */
function reachOf(caller: Caller, repository: Repository): 'own' | 'public' | undefined {
  const open = repository.private ? undefined : 'public';
  if (caller.kind === 'app') throw badCredentials();
  if (caller.kind === 'installation') return tokenCovers(caller.token, repository) ? 'own' : open;
  if (caller.kind === 'nobody') return open;
  const { token } = caller;
  const included = token.repositories?.has(repository) ?? true;
  return included && roleOf(repository, token.user) !== 'none' ? 'own' : open;
}

/** Whether an installation token reaches a repository. */
export function tokenCovers(token: InstallationToken, repository: Repository): boolean {
  return covers(token.installation, repository) && (token.repositories?.has(repository) ?? true);
}

/** Whether an installation has a repository. */
export function covers(installation: Installation, repository: Repository): boolean {
  if (installation.repositories === undefined) return repository.owner === installation.account;
  return installation.repositories.has(repository);
}

/** What a person may do in a repository. */
export function roleOf(repository: Repository, user: User): Role {
  if (repository.owner === user) return 'admin';
  return repository.collaborators.get(user.id) ?? (repository.private ? 'none' : 'read');
}

/** Whether a role is at least another. */
export function isAtLeast(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

function requirePermission(
  caller: Caller,
  repository: Repository,
  reach: 'own' | 'public',
  needs: Needs,
): void {
  switch (caller.kind) {
    case 'installation': {
      const free = reach === 'public' && needs.access === 'read';
      if (!free && (reach === 'public' || !grants(caller.token.permissions, needs)))
        throw forbidden(noIntegration);
      return;
    }
    case 'personal': {
      const { permissions, user } = caller.token;
      const free = reach === 'public' && needs.access === 'read';
      if (permissions !== undefined && !free && !grants(permissions, needs))
        throw forbidden('Resource not accessible by personal access token');
      if (!isAtLeast(roleOf(repository, user), needs.role ?? needs.access))
        throw forbidden('Must have push access to the repository.');
      return;
    }
    case 'nobody':
      if (needs.access === 'write') throw new Refusal(401, { message: 'Requires authentication' });
      return;
    case 'app':
      throw badCredentials();
    default:
      throw new Error(`unknown caller ${String(caller satisfies never)}`);
  }
}

function grants(permissions: PersonalToken['permissions'], needs: Needs): boolean {
  return needs.any.some((name) => {
    const granted = name === 'metadata' ? 'read' : permissions?.[name];
    return granted === 'write' || granted === needs.access;
  });
}

/** @throws Refusal 403 for anybody but an installation: only Apps write check runs. */
export function requireInstallation(call: Call): Installation {
  if (call.caller.kind === 'installation') return call.caller.token.installation;
  throw forbidden('You must authenticate via a GitHub App.');
}
