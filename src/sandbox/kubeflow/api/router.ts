import type { Route } from './call.ts';

/** A route and the values of its names. */
export interface Routed {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** Finds the route of a path; earlier routes win. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => Routed | 'no-route' | 'no-method' {
  const table = routes.map((route) => ({ route, ...shapeOf(route.pattern) }));
  return function find(method, path) {
    const fitting = table.filter((row) => row.shape.test(path));
    const row = fitting.find((candidate) => candidate.route.method === method);
    if (row === undefined) return fitting.length === 0 ? 'no-route' : 'no-method';
    const values = row.shape.exec(path)?.slice(1) ?? [];
    const entries = row.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]);
    return { route: row.route, path: Object.fromEntries(entries) };
  };
}

function shapeOf(pattern: string): { readonly shape: RegExp; readonly names: readonly string[] } {
  const names = [...pattern.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
  return { shape: new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, '([^/:]+)')}$`), names };
}
