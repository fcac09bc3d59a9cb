import type { MappingEntry, MappingNode, YamlNode } from './node.ts';

/** Tells keys apart by type and value, so that `1` and `"1"` differ; undefined for a list or a map. */
export function keyIdentity(key: YamlNode): string | undefined {
  if (key.kind !== 'scalar') return undefined;
  if (key.type === 'string') return key.value;
  const kind = key.type === 'int' || key.type === 'float' ? 'number' : key.type;
  return `\u0000${kind}:${String(key.value)}`;
}

/** The mappings that the value of `<<` names: one, or a list of them; undefined when it is anything else. */
export function mergeSources(value: YamlNode): readonly MappingNode[] | undefined {
  if (value.kind === 'mapping') return [value];
  if (value.kind !== 'sequence') return undefined;
  const sources = value.items.filter((item) => item.kind === 'mapping');
  return sources.length === value.items.length ? sources : undefined;
}

/** Entries of the sources that the mapping does not have itself; of two sources the earlier wins. They come first. */
export function mergeEntries(
  own: readonly MappingEntry[],
  sources: readonly MappingNode[],
): readonly MappingEntry[] {
  const taken = new Set(own.map((entry) => keyIdentity(entry.key)));
  const merged: MappingEntry[] = [];
  for (const source of sources) {
    for (const entry of source.entries) {
      const identity = keyIdentity(entry.key);
      if (taken.has(identity)) continue;
      taken.add(identity);
      merged.push(entry);
    }
  }
  return [...merged, ...own];
}
