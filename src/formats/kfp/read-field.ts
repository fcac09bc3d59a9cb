import { field, keyText, stringValue } from '../yaml/node.ts';
import type { MappingEntry, YamlNode } from '../yaml/node.ts';

/** The value of a field by its camelCase name or its snake_case spelling; null counts as absent. */
export function get(node: YamlNode | undefined, name: string): YamlNode | undefined {
  const value = field(node, name) ?? field(node, snakeCase(name));
  return value?.kind === 'scalar' && value.type === 'null' ? undefined : value;
}

/** A field of a field of a field. */
export function dig(node: YamlNode | undefined, ...names: readonly string[]): YamlNode | undefined {
  let inner = node;
  for (const name of names) inner = get(inner, name);
  return inner;
}

/** The text of a field; undefined when it is absent, empty or no text. */
export function textOf(node: YamlNode | undefined, name: string): string | undefined {
  const text = stringValue(get(node, name));
  return text === '' ? undefined : text;
}

/** The entries of a mapping with their names; none for anything else. */
export function namedEntries(
  node: YamlNode | undefined,
): readonly (MappingEntry & { readonly name: string })[] {
  if (node?.kind !== 'mapping') return [];
  return node.entries.flatMap((entry) => {
    const name = keyText(entry);
    return name === undefined ? [] : [{ ...entry, name }];
  });
}

/** The key under which a field is written, for its place. */
export function keyOf(node: YamlNode | undefined, name: string): YamlNode | undefined {
  if (node?.kind !== 'mapping') return undefined;
  const snake = snakeCase(name);
  return node.entries.findLast((entry) => keyText(entry) === name || keyText(entry) === snake)?.key;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
