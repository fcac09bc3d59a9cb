import type { Route } from './call.ts';

/** A route and the values of its names. */
export interface Routed {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the route of a path below `/api/v4`. Path parts stay encoded until here, so `%2F` is no slash. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => Routed | 'no-route' | 'no-method' {
  const table = routes.map((route) => ({ route, parts: route.pattern.split('/') }));
  return function find(method, path) {
    const parts = path.split('/');
    const fitting = table.filter((row) => fits(row.parts, parts));
    const row = fitting.find((candidate) => candidate.route.method === method);
    if (row === undefined) return fitting.length === 0 ? 'no-route' : 'no-method';
    return { route: row.route, path: valuesOf(row.parts, parts) };
  };
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false;
  return pattern.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]));
}

function valuesOf(pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part.startsWith(':')) values[part.slice(1)] = decodeURIComponent(parts[index] ?? '');
  }
  return values;
}
