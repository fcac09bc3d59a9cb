import type { Span } from '../source.ts';

/** A positioned YAML node. An alias is the very node of its anchor; walks carry a budget. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

/** Integers and floats stay distinguishable, `1` from `1.0`; integers beyond 2^53 are bigint. */
export type ScalarValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: number | bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'null'; readonly value: null }
  /** A date or date-time, as written. */
  | { readonly type: 'timestamp'; readonly value: string };

/** A typed scalar with what was written. */
export type ScalarNode = ScalarValue & {
  readonly kind: 'scalar';
  readonly span: Span;
  /** The content after unquoting and folding. */
  readonly text: string;
  /** Not quoted, not a block: only such a scalar is typed by the scalar rules. */
  readonly plain: boolean;
};

/** A list, block or flow; offsets are UTF-16 units. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly span: Span;
  readonly items: readonly YamlNode[];
}

/** A mapping, block or flow; offsets are UTF-16 units. */
export interface MappingNode {
  readonly kind: 'mapping';
  readonly span: Span;
  /** In the order of the text; of duplicate keys all are here and the last one wins in look-ups. */
  readonly entries: readonly MappingEntry[];
}

/** A key with its value; any node may be a key. */
export interface MappingEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

/** The value of a key by its text, or undefined. */
export function field(node: YamlNode | undefined, name: string): YamlNode | undefined {
  if (node?.kind !== 'mapping') return undefined;
  return node.entries.findLast((entry) => keyText(entry) === name)?.value;
}

/** A key's text; undefined for a key that is a list or a map. */
export function keyText(entry: MappingEntry): string | undefined {
  return entry.key.kind === 'scalar' ? entry.key.text : undefined;
}

/** The node's text when it is a string, otherwise undefined. */
export function stringValue(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.type === 'string' ? node.value : undefined;
}
