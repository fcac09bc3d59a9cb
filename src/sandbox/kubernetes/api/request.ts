import { allKinds, type Kind } from './kinds.ts';

/** A request that came, as rules for faults and tests see it. */
export interface KubernetesRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** get, list, watch, create, update, patch, delete; empty for paths that are no resource. */
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly contentType: string;
  readonly userAgent: string;
  /** Parsed JSON, text where it is none, undefined without a body. */
  readonly body: unknown;
  /** Who asked; empty without tokens or with a wrong one. */
  readonly user: string;
}

/** A request after it was answered. */
export interface AnsweredRequest extends KubernetesRequest {
  /** 0 where no answer was sent. */
  readonly status: number;
}

/** A resource path, taken apart. */
export interface Target {
  readonly kind: Kind | undefined;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** Reads `/apis/<group>/<version>[/namespaces/<ns>]/<plural>[/<name>[/<sub>]]`, and `/api/v1/…`. */
export function readTarget(path: string): Target | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const group = core ? '' : (parts[1] ?? '');
  const version = parts[core ? 1 : 2];
  const rest = parts.slice(core ? 2 : 3);
  const namespaced = rest[0] === 'namespaces' && rest.length > 2;
  const namespace = namespaced ? (rest[1] ?? '') : '';
  const [resource = '', name = '', subresource = ''] = namespaced ? rest.slice(2) : rest;
  if (version === undefined || resource === '') return undefined;
  const kind = allKinds.find(
    (one) => one.group === group && one.version === version && one.plural === resource,
  );
  return { kind, group, resource, namespace, name, subresource };
}

const writing: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The verb of access rules. */
export function verbOf(method: string, name: string, query: URLSearchParams): string {
  if (method !== 'GET') return writing[method] ?? '';
  if (isTrue(query.get('watch'))) return 'watch';
  return name === '' ? 'list' : 'get';
}

/** `1` and `true` of query parameters. */
export function isTrue(value: string | null): boolean {
  return value === '1' || value === 'true';
}
