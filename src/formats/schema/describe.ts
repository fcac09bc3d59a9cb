import type { Span } from '../source.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Shape } from './shape.ts';

/** What a node is, for people: `the text "abc"`, `a list`. Long texts are cut. */
export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'sequence' ? 'a list' : 'a mapping';
  const text = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  switch (node.type) {
    case 'string':
      return `the text "${text}"`;
    case 'int':
    case 'float':
      return `the number ${text}`;
    case 'bool':
      return `the boolean ${text}`;
    case 'timestamp':
      return `the date ${text}`;
    default:
      return text === '' ? 'nothing' : text;
  }
}

/** What a shape asks for: `a list`, `one of A, B`. */
export function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case 'any':
      return 'anything';
    case 'scalar':
    case 'either':
      return shape.name;
    case 'enum':
      return `one of ${shape.values.join(', ')}`;
    case 'list':
      return 'a list';
    case 'map':
      return 'a mapping';
    default:
      return `a mapping (${shape.name})`;
  }
}

/** A short stretch that shows a node: a scalar whole, else its key, else the beginning of its first line. */
export function headOf(node: YamlNode, key: Span | undefined): Span {
  if (node.kind === 'scalar') return node.span.end > node.span.start ? node.span : (key ?? node.span);
  if (key !== undefined) return key;
  const first = node.kind === 'mapping' ? node.entries[0]?.key : node.items[0];
  return first === undefined ? node.span : headOf(first, undefined);
}
