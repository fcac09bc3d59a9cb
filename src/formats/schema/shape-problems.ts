import type { Problem, Span } from '../source.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import { describeNode, describeShape, headOf } from './describe.ts';
import type { FieldShape, ObjectShape, Shape } from './shape.ts';
import { suggest } from '../../domain/suggest.ts';

/** Where the walk is: the structural path, the field's name for messages, and its key for problems about absence. */
export interface Spot {
  readonly pointer: string;
  readonly name: string;
  readonly key: Span | undefined;
}

/** Another kind of value stands where the shape wants its own. */
export function wrongType(node: YamlNode, shape: Shape, spot: Spot): Problem {
  const instead = shape.kind === 'scalar' && node.kind === 'scalar' ? shape.instead?.(node) : undefined;
  return {
    repair: instead === undefined ? undefined : `write ${spot.name}: ${instead}`,
    code: 'wrong-type',
    message: `${quote(spot.name)} must be ${describeShape(shape)}; found ${describeNode(node)}`,
    span: headOf(node, spot.key),
    pointer: spot.pointer,
  };
}

/** A key that the object does not have, with the nearest that it has. */
export function unknownField(
  key: YamlNode,
  written: string,
  where: { shape: ObjectShape; fields: ReadonlyMap<string, FieldShape>; spot: Spot; propose: boolean },
): Problem {
  const meant = where.propose ? suggest(written, where.fields.keys()) : undefined;
  const short = written.length > 80 ? `${written.slice(0, 80)}…` : written;
  return {
    code: 'unknown-field',
    message: `${where.shape.name} has no field "${short}"${didYouMean(meant)}`,
    span: key.span,
    pointer: joinPointer(where.spot.pointer, written),
    repair: meant === undefined ? `remove ${short}` : `write ${meant}: instead of ${short}:`,
  };
}

/** Required fields that are absent. */
export function missingFields(
  node: MappingNode,
  shape: ObjectShape,
  spot: Spot,
  present: ReadonlyMap<string, YamlNode>,
): Problem[] {
  const problems: Problem[] = [];
  for (const [name, field] of shape.fields()) {
    if (!field.required || field.spelling !== undefined || present.has(name)) continue;
    const message = `${shape.name}${spot.name === '' ? '' : ` "${spot.name}"`} needs the field "${name}"`;
    problems.push({ code: 'missing-field', message, span: headOf(node, spot.key), pointer: spot.pointer });
  }
  return problems;
}

/** Fields that exclude each other. */
export function oneofConflicts(
  shape: ObjectShape,
  spot: Spot,
  present: ReadonlyMap<string, YamlNode>,
): Problem[] {
  const problems: Problem[] = [];
  for (const group of shape.oneofs ?? []) {
    const [first, second] = group.filter((name) => present.has(name));
    const key = second === undefined ? undefined : present.get(second);
    if (first === undefined || second === undefined || key === undefined) continue;
    const message = `${shape.name} takes only one of ${group.map(quote).join(', ')}; found "${first}" and "${second}"`;
    problems.push({
      code: 'oneof-conflict',
      message,
      span: key.span,
      pointer: joinPointer(spot.pointer, second),
      repair: `keep either ${first} or ${second}`,
    });
  }
  return problems;
}

/** One field, written once in each of its two spellings. */
export function spelledTwice(first: YamlNode, second: YamlNode, spot: Spot): Problem {
  const [one, other] = [first, second].map((key) => (key.kind === 'scalar' ? key.text : ''));
  const message = `"${one}" and "${other}" are two spellings of one field`;
  return {
    code: 'oneof-conflict',
    message,
    span: second.span,
    pointer: spot.pointer,
    repair: `remove ${other}`,
  };
}

/** A list or mapping as a key. */
export function badKey(key: YamlNode, spot: Spot): Problem {
  return {
    code: 'wrong-type',
    message: `a key must be text; found ${describeNode(key)}`,
    span: headOf(key, undefined),
    pointer: spot.pointer,
  };
}

/** A text that the enumeration does not have, with the nearest that it has. */
export function unknownEnum(node: ScalarNode, shape: Extract<Shape, { kind: 'enum' }>, spot: Spot): Problem {
  const meant = suggest(node.text, shape.values);
  return {
    code: 'unknown-enum',
    message: `${quote(spot.name)} must be ${describeShape(shape)}; found ${describeNode(node)}${didYouMean(meant)}`,
    span: node.span,
    pointer: spot.pointer,
    repair: meant === undefined ? undefined : `write ${spot.name}: ${meant}`,
  };
}

function quote(name: string): string {
  return name === '' ? 'this' : `"${name}"`;
}

function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
}
