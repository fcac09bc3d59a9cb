import type { Route } from './call.ts';

/** A route and the values of its names. */
export interface Routed {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the route of a path. Path parts stay encoded until here, so `%2F` is no slash; earlier routes win. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Routed | undefined {
  const table = routes.map((route) => ({ route, parts: route.pattern.split('/') }));
  return function find(method, path) {
    const parts = path.replace(/\/$/, '').split('/');
    const row = table.find((candidate) => candidate.route.method === method && fits(candidate.parts, parts));
    return row && { route: row.route, path: valuesOf(row.parts, parts) };
  };
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  const open = pattern.at(-1)?.startsWith('*') === true;
  if (open ? parts.length < pattern.length : parts.length !== pattern.length) return false;
  return pattern.every((part, index) =>
    part.startsWith(':') || part.startsWith('*') ? parts[index] !== '' : part === parts[index],
  );
}

function valuesOf(pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) values[part.slice(1)] = decodeURIComponent(parts[index] ?? '');
    if (part.startsWith('*')) values[part.slice(1)] = decodeURIComponent(parts.slice(index).join('/'));
  }
  return values;
}
