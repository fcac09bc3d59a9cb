import { createProblems, type Problems } from '../problems.ts';
import type { Problem } from '../source.ts';
import { keyText } from '../yaml/node.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import {
  badKey,
  missingFields,
  oneofConflicts,
  spelledTwice,
  unknownEnum,
  unknownField,
  wrongType,
} from './shape-problems.ts';
import type { Spot } from './shape-problems.ts';
import type { ObjectShape, Shape } from './shape.ts';

/**
 * Every way in which a node differs from its shape: problems with the codes `unknown-field`, `wrong-type`,
 * `missing-field`, `unknown-enum`, `oneof-conflict`. `at` is the node's own place in a larger document.
 */
export function checkShape(node: YamlNode, shape: Shape, at?: Partial<Spot>): readonly Problem[] {
  const problems = createProblems();
  walk(node, shape, { pointer: '', name: '', key: undefined, ...at }, problems);
  return problems.list();
}

function walk(node: YamlNode, shape: Shape, spot: Spot, problems: Problems): void {
  switch (shape.kind) {
    case 'any':
      return;
    case 'scalar':
      if (node.kind !== 'scalar' || !shape.accepts(node)) problems.push(wrongType(node, shape, spot));
      return;
    case 'enum':
      return walkEnum(node, shape, spot, problems);
    case 'either': {
      const option = shape.options.find((candidate) => fitsOutside(node, candidate));
      if (option === undefined) problems.push(wrongType(node, shape, spot));
      else walk(node, option, spot, problems);
      return;
    }
    case 'list':
    case 'map':
    case 'object':
      return walkCollection(node, shape, spot, problems);
  }
}

function walkCollection(
  node: YamlNode,
  shape: Extract<Shape, { kind: 'list' | 'map' | 'object' }>,
  spot: Spot,
  problems: Problems,
): void {
  if (isNull(node) && shape.nullable) return;
  if (shape.kind === 'list' && node.kind === 'sequence') {
    for (const [index, item] of node.items.entries()) {
      const name = spot.name === '' ? `item ${index + 1}` : `item ${index + 1} of ${spot.name}`;
      walk(item, shape.item, { pointer: joinPointer(spot.pointer, index), name, key: undefined }, problems);
    }
  } else if (shape.kind === 'map' && node.kind === 'mapping') {
    for (const { key, value } of node.entries) {
      const name = key.kind === 'scalar' ? key.text : undefined;
      if (name === undefined) problems.push(badKey(key, spot));
      else
        walk(value, shape.value, { pointer: joinPointer(spot.pointer, name), name, key: key.span }, problems);
    }
  } else if (shape.kind === 'object' && node.kind === 'mapping') {
    walkObject(node, shape, spot, problems);
  } else {
    problems.push(wrongType(node, shape, spot));
  }
}

function walkObject(node: MappingNode, shape: ObjectShape, spot: Spot, problems: Problems): void {
  const fields = shape.fields();
  /** Proper name → key of a field that is set. */
  const present = new Map<string, YamlNode>();
  for (const entry of node.entries) {
    const written = keyText(entry);
    const field = written === undefined ? undefined : fields.get(written);
    if (written === undefined) problems.push(badKey(entry.key, spot));
    else if (field !== undefined) {
      const { key, value } = entry;
      const name = field.spelling ?? written;
      if (field.nullable === true && isNull(value)) continue;
      const first = present.get(name);
      if (first !== undefined && keyText({ key: first, value }) !== written)
        problems.push(spelledTwice(first, key, spot));
      present.set(name, key);
      const pointer = joinPointer(spot.pointer, written);
      walk(value, field.shape, { pointer, name: written, key: key.span }, problems);
    } else if (shape.open !== true) {
      problems.push(unknownField(entry.key, written, { shape, fields, spot, propose: !problems.isFull() }));
    }
  }
  problems.push(...missingFields(node, shape, spot, present), ...oneofConflicts(shape, spot, present));
}

function walkEnum(
  node: YamlNode,
  shape: Extract<Shape, { kind: 'enum' }>,
  spot: Spot,
  problems: Problems,
): void {
  const known =
    node.kind === 'scalar' &&
    ((node.type === 'string' && shape.values.includes(node.value)) ||
      (node.type === 'int' && shape.numbers?.includes(Number(node.value)) === true));
  if (known) return;
  if (node.kind !== 'scalar' || node.type !== 'string') {
    problems.push(wrongType(node, shape, spot));
    return;
  }
  problems.push(unknownEnum(node, shape, spot));
}

/** The alternative is taken by the outer kind alone; scalars must be accepted. */
function fitsOutside(node: YamlNode, shape: Shape): boolean {
  switch (shape.kind) {
    case 'any':
      return true;
    case 'scalar':
      return node.kind === 'scalar' && shape.accepts(node);
    case 'enum':
      return (
        node.kind === 'scalar' &&
        (node.type === 'string' || (node.type === 'int' && shape.numbers !== undefined))
      );
    case 'list':
      return node.kind === 'sequence' || (shape.nullable && isNull(node));
    case 'map':
    case 'object':
      return node.kind === 'mapping' || (shape.nullable && isNull(node));
    default:
      return shape.options.some((option) => fitsOutside(node, option));
  }
}

function isNull(node: YamlNode): node is ScalarNode {
  return node.kind === 'scalar' && node.type === 'null';
}
