import type { core } from 'zod';

/** The keys that a schema knows at a path, through optional values, defaults, records, arrays and unions. */
export function knownKeys(schema: core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  if (!isConcrete(schema)) return [];
  const { def } = schema._zod;
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return knownKeys(def.innerType, path);
    case 'pipe':
      return [...knownKeys(def.in, path), ...knownKeys(def.out, path)];
    case 'lazy':
      return knownKeys(def.getter(), path);
    case 'union':
      return def.options.flatMap((option) => knownKeys(option, path));
    case 'array':
      return path.length === 0 ? [] : knownKeys(def.element, path.slice(1));
    case 'record':
      return path.length === 0 ? [] : knownKeys(def.valueType, path.slice(1));
    case 'object': {
      if (path.length === 0) return Object.keys(def.shape);
      const inner = def.shape[String(path[0])];
      return inner === undefined ? [] : knownKeys(inner, path.slice(1));
    }
    default:
      return [];
  }
}

/** Every schema is one of the union of concrete types; zod's own signatures just do not say so. */
function isConcrete(schema: core.$ZodType): schema is core.$ZodTypes {
  return '_zod' in schema;
}
