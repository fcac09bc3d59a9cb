/** Every path of a JSON value with the types seen there; entries of lists share one path. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

/** The shape of several values at once. */
export function shapeOf(values: readonly unknown[]): Shape {
  const shape = new Map<string, Set<string>>();
  for (const value of values) visit(value, '', shape);
  return shape;
}

function visit(value: unknown, path: string, shape: Map<string, Set<string>>): void {
  shape.set(path, (shape.get(path) ?? new Set()).add(typeName(value)));
  if (Array.isArray(value)) for (const entry of value) visit(entry, `${path}[]`, shape);
  else if (typeof value === 'object' && value !== null)
    for (const [name, entry] of Object.entries(value)) visit(entry, `${path}.${name}`, shape);
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Paths whose types another shape has never seen there: `.number is string, known as number`. */
export function strangePaths(shape: Shape, known: Shape): readonly string[] {
  return [...shape].flatMap(([path, types]) => {
    const seen = known.get(path);
    if (seen === undefined || (seen.size === 1 && seen.has('null'))) return [];
    return [...types]
      .filter((type) => !seen.has(type))
      .map((type) => `${path} is ${type}, known as ${[...seen].join(' or ')}`);
  });
}
