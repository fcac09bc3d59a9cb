import { describe, expect, test } from 'vitest';
import { findCycles } from '../../../src/rules/pipeline/find-cycles.ts';

function cycles(edges: string): readonly string[] {
  const graph = new Map<string, string[]>();
  for (const edge of edges.split(' ').filter((text) => text !== '')) {
    const [from = '', to = ''] = edge.split('>');
    graph.set(from, [...(graph.get(from) ?? []), to]);
    if (!graph.has(to)) graph.set(to, []);
  }
  return findCycles(graph).map((cycle) => cycle.join(' '));
}

describe('findCycles', () => {
  test.each<[edges: string, found: readonly string[]]>([
    ['', []],
    ['a>b b>c a>c', []],
    ['a>a', ['a a']],
    ['a>b b>a', ['a b a']],
    ['x>a a>b b>c c>a', ['a b c a']],
    ['a>b b>a c>d d>c', ['a b a', 'c d c']],
    ['a>b b>a a>c c>a', ['a b a', 'a c a']],
  ])('%s — %j', (edges, found) => {
    expect(cycles(edges)).toEqual(found);
  });

  test('an edge to a node that is not there — ignored', () => {
    expect(findCycles(new Map([['a', ['b']]]))).toEqual([]);
  });

  test('a hundred thousand nodes in a row — no overflow', () => {
    const chain = Array.from({ length: 100_000 }, (_, index): [string, string[]] => [
      `${index}`,
      [`${(index + 1) % 100_000}`],
    ]);
    expect(findCycles(new Map(chain))).toHaveLength(1);
  });
});
