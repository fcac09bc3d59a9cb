import type { JsonObject } from '../json.ts';
import { allKinds, apiVersionOf, type Kind } from './kinds.ts';

const verbs = ['delete', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** `/version`, `/api`, `/apis` and their resource lists; undefined for other paths. */
export function discover(path: string, has: (kind: Kind) => boolean): JsonObject | undefined {
  const known = allKinds.filter(has);
  if (path === '/version') return version;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return groups(known);
  const [, prefix, group, release] = path.split('/');
  if (prefix === 'api') return path === '/api/v1' ? resources('v1', known) : undefined;
  if (prefix !== 'apis' || group === undefined || path.split('/').length > 4) return undefined;
  if (!known.some((kind) => kind.group === group)) return undefined;
  if (release === undefined) return groupOf(group, known);
  const exists = known.some((kind) => kind.group === group && kind.version === release);
  return exists ? resources(`${group}/${release}`, known) : undefined;
}

const version = {
  major: '1',
  minor: '33',
  gitVersion: 'v1.33.4',
  gitTreeState: 'clean',
  platform: 'linux/amd64',
};

function groups(known: readonly Kind[]): JsonObject {
  const names = new Set(known.map((kind) => kind.group).filter((group) => group !== ''));
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...names, 'authorization.k8s.io'].map((name) => groupOf(name, known)),
  };
}

function groupOf(name: string, known: readonly Kind[]): JsonObject {
  const own = known.filter((kind) => kind.group === name).map((kind) => kind.version);
  const versions = [...new Set(own.length === 0 ? ['v1'] : own)].map((release) => ({
    groupVersion: `${name}/${release}`,
    version: release,
  }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] ?? null };
}

function resources(groupVersion: string, known: readonly Kind[]): JsonObject {
  const listed = known.filter((kind) => apiVersionOf(kind) === groupVersion);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: listed.flatMap((kind) => {
      const own = { namespaced: kind.namespaced, kind: kind.kind, singularName: kind.kind.toLowerCase() };
      const main = { name: kind.plural, ...own, verbs };
      const status = { name: `${kind.plural}/status`, ...own, verbs: ['get', 'patch', 'update'] };
      return kind.status ? [main, status] : [main];
    }),
  };
}
