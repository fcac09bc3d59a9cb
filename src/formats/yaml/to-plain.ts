import type { YamlNode } from './node.ts';

/** A YAML value as plain JavaScript; integers beyond 2^53 are bigint, timestamps are text. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Plain[]
  | { readonly [key: string]: Plain };

/** The value of a node. Aliases share one value, so that the result is no larger than the text. Keys become text. */
export function toPlain(node: YamlNode, known: Map<YamlNode, Plain> = new Map()): Plain {
  if (node.kind === 'scalar') return node.value;
  const before = known.get(node);
  if (before !== undefined) return before;
  const value =
    node.kind === 'sequence'
      ? node.items.map((item) => toPlain(item, known))
      : Object.fromEntries(node.entries.map(({ key, value }) => [nameOf(key), toPlain(value, known)]));
  known.set(node, value);
  return value;
}

function nameOf(key: YamlNode): string {
  return key.kind === 'scalar' ? key.text : `(a ${key.kind} as key)`;
}
