/** A directed graph: each node with the nodes that it points to. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Cycles of a graph, enough that removing an edge of each leaves none that was not reported: one for each edge that
 * a depth-first walk finds to lead back, at most `most`. `[a, b, a]`: a points to b, b to a. Iterative: graphs come
 * from outside.
 */
export function findCycles(graph: Graph, most = 100): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    const path = [start];
    const onPath = new Map([[start, 0]]);
    const pending = [edgesOf(graph, start)];
    while (path.length > 0) {
      const next = pending.at(-1)?.next().value;
      if (next === undefined) {
        const left = path.pop();
        pending.pop();
        if (left !== undefined) {
          onPath.delete(left);
          done.add(left);
        }
        continue;
      }
      const position = onPath.get(next);
      if (position !== undefined) cycles.push([...path.slice(position), next]);
      if (cycles.length === most) return cycles;
      if (position !== undefined || done.has(next) || !graph.has(next)) continue;
      onPath.set(next, path.length);
      path.push(next);
      pending.push(edgesOf(graph, next));
    }
  }
  return cycles;
}

function edgesOf(graph: Graph, node: string): Iterator<string, undefined> {
  return (graph.get(node) ?? []).values();
}
