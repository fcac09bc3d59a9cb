import type { Span } from '../source.ts';
import { field, keyText, type YamlNode } from '../yaml/node.ts';

/** A key of the policy that is understood, and that nothing is done about in this version. */
export interface NotChecked {
  /** `data.maxShrink` */
  readonly key: string;
  readonly span: Span;
  readonly pointer: string;
}

/** What this version accepts and does not check. Each key leaves the list with the check that obeys it. */
const keys: readonly (readonly string[])[] = [
  ['data', 'verify'],
  ['data', 'maxShrink'],
  ['metrics'],
  ['production', 'serving', 'steps'],
  ['production', 'serving', 'pause'],
  ['production', 'serving', 'minRequests'],
  ['production', 'serving', 'rollbackWindow'],
];

/** The keys of a valid policy that ask for something this version does not do. */
export function notChecked(root: YamlNode): readonly NotChecked[] {
  return keys.flatMap((path): readonly NotChecked[] => {
    const parent = path.slice(0, -1).reduce<YamlNode | undefined>(field, root);
    if (parent?.kind !== 'mapping') return [];
    const entry = parent.entries.findLast((one) => keyText(one) === path.at(-1));
    if (entry === undefined || asksNothing(path.join('.'), entry.value, root)) return [];
    return [{ key: path.join('.'), span: entry.key.span, pointer: path.join('/') }];
  });
}

/** Sizes are compared whatever the policy says, no metrics are none, and a model is held to its limits before it is published. */
function asksNothing(key: string, value: YamlNode, root: YamlNode): boolean {
  if (value.kind === 'scalar') return key === 'data.verify' && value.text === 'size';
  if (key === 'metrics' && ['production', 'model'].reduce<YamlNode | undefined>(field, root)) return true;
  return value.kind === 'mapping' && value.entries.length === 0;
}
