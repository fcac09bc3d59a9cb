import type { Shape } from '../schema/shape.ts';
import type { ScalarNode } from '../yaml/node.ts';

type ScalarShape = Extract<Shape, { kind: 'scalar' }>;

/** How proto JSON writes the scalar types of the table (specs kubeflow-kserve 1.1, F13). */
export const scalarShapes: Readonly<Record<string, Shape>> = {
  string: scalar('text', (node) => node.type === 'string' || node.type === 'timestamp', quoted),
  bool: scalar('true or false', (node) => node.type === 'bool', asBoolean),
  int32: scalar('a whole number', (node) => isWhole(node, 2n ** 31n)),
  int64: scalar('a whole number', (node) => isWhole(node, 2n ** 63n)),
  double: scalar('a number', isNumber),
  Duration: scalar('a duration in seconds such as "30s"', isDuration, asSeconds),
  Struct: { kind: 'map', value: { kind: 'any' }, nullable: false },
  json: { kind: 'any' },
};

function scalar(
  name: string,
  accepts: ScalarShape['accepts'],
  instead: NonNullable<ScalarShape['instead']> = nothing,
): Shape {
  return { kind: 'scalar', name, accepts, instead };
}

function nothing(): undefined {
  return undefined;
}

function quoted(node: ScalarNode): string | undefined {
  return node.type === 'null' ? undefined : JSON.stringify(node.text);
}

function asBoolean(node: ScalarNode): string | undefined {
  if (/^(?:true|yes|on)$/i.test(node.text)) return 'true';
  return /^(?:false|no|off)$/i.test(node.text) ? 'false' : undefined;
}

function asSeconds(node: ScalarNode): string | undefined {
  return /^[0-9]+(?:\.[0-9]{1,9})?$/.test(node.text) ? `${node.text}s` : undefined;
}

/** Below `bound` in both directions; `10.0` and quoted digits count (specs kubeflow-kserve 1.5). */
function isWhole(node: ScalarNode, bound: bigint): boolean {
  const value = wholeValue(node);
  return value !== undefined && value >= -bound && value < bound;
}

function wholeValue(node: ScalarNode): bigint | undefined {
  if (node.type === 'int') return BigInt(node.value);
  if (node.type === 'float' && Number.isInteger(node.value)) return BigInt(node.value);
  return node.type === 'string' && /^-?[0-9]{1,20}$/.test(node.value) ? BigInt(node.value) : undefined;
}

function isNumber(node: ScalarNode): boolean {
  if (node.type === 'int') return true;
  if (node.type === 'float') return Number.isFinite(node.value);
  if (node.type !== 'string') return false;
  return /^(?:NaN|-?Infinity|-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)$/.test(node.value);
}

function isDuration(node: ScalarNode): boolean {
  return node.type === 'string' && /^[0-9]{1,12}(?:\.[0-9]{1,9})?s$/.test(node.value);
}
