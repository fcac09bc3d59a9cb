import { randomBytes } from 'node:crypto';
import { covers } from '../access.ts';
import type { Json } from '../api/call.ts';
import { Refusal, forbidden, invalidRequest } from '../refusal.ts';
import type { Installation, InstallationToken, Permissions, Repository } from '../state.ts';
import type { World } from '../world.ts';

const maxRepositories = 500;

/** Mints a token for an installation, narrowed as asked. @throws Refusal 403 while suspended, 422 for more than it has. */
export function mintToken(world: World, installation: Installation, wanted: Json): InstallationToken {
  if (installation.suspendedAt !== undefined) throw forbidden('This installation has been suspended');
  const token: InstallationToken = {
    kind: 'installation',
    value: longToken(installation.app.id),
    installation,
    repositories: narrowRepositories(world, installation, wanted),
    permissions: narrowPermissions(installation.permissions, wanted['permissions']),
    expiresAt: new Date(world.now().getTime() + world.knobs.installationTokenMs),
    revoked: false,
  };
  world.tokens.push(token);
  return token;
}

/** The long form `ghs_APPID_JWT` (specs git-hosts 4.1). */
function longToken(appId: number): string {
  const parts = [36, 240, 256].map((length) => randomBytes(length).toString('base64url'));
  return `ghs_${appId}_${parts.join('.')}`;
}

function narrowRepositories(
  world: World,
  installation: Installation,
  wanted: Json,
): ReadonlySet<Repository> | undefined {
  const ids = listOf(wanted['repository_ids'], 'repository_ids');
  const names = listOf(wanted['repositories'], 'repositories');
  if (ids === undefined && names === undefined) return undefined;
  if ((ids?.length ?? 0) + (names?.length ?? 0) > maxRepositories)
    throw invalidRequest(`No more than ${maxRepositories} repositories are allowed.`);
  const mine = world.repositories.filter((repository) => covers(installation, repository));
  const found = [
    ...(ids ?? []).map((id) => mine.find((repository) => repository.id === id)),
    ...(names ?? []).map((name) => mine.find((repository) => repository.name === name)),
  ];
  const known = found.filter((repository) => repository !== undefined);
  if (known.length === found.length) return new Set(known);
  const message =
    'There is at least one repository that does not exist or is not accessible to the parent installation.';
  throw new Refusal(422, { message });
}

function listOf(value: unknown, name: string): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value;
  throw invalidRequest(`For '${name}', it is not an array.`);
}

function narrowPermissions(granted: Permissions, wanted: unknown): Permissions {
  if (wanted === undefined) return { metadata: 'read', ...granted };
  if (typeof wanted !== 'object' || wanted === null)
    throw invalidRequest("For 'permissions', not an object.");
  const had: Readonly<Record<string, string>> = { ...granted, metadata: 'read' };
  const narrowed: Record<string, 'read' | 'write'> = { metadata: 'read' };
  for (const [name, access] of Object.entries<unknown>({ ...wanted })) {
    if (access !== 'read' && access !== 'write')
      throw invalidRequest(`${String(access)} is not a member of ["read", "write"].`);
    narrowed[name] = access;
    if (had[name] === 'write' || had[name] === access) continue;
    throw new Refusal(422, { message: 'The permissions requested are not granted to this installation.' });
  }
  return narrowed;
}
