import { invalid } from '../refusal.ts';
import { isRecord } from '../package/shapes.ts';

/** A value that lists can be filtered and sorted by. */
export type Value = string | number;

/** One condition. */
interface Predicate {
  readonly operation: string;
  readonly key: string;
  readonly value: Value | readonly Value[];
}

const operations = [
  'OPERATION_UNSPECIFIED',
  'EQUALS',
  'NOT_EQUALS',
  'GREATER_THAN',
  'GREATER_THAN_EQUALS',
  'LESS_THAN',
  'LESS_THAN_EQUALS',
  'IN',
  'IS_SUBSTRING',
];
const single = ['int_value', 'long_value', 'string_value', 'timestamp_value'];
const several = ['int_values', 'long_values', 'string_values'];

/**
 * Reads `filter`. The server unescapes it a second time, after the gateway did, so a `+` in a value is a blank and
 * a lone `%` breaks it.
 * @throws Refusal 400
 */
export function readFilter<T>(
  encoded: string,
  fields: Readonly<Record<string, (entry: T) => Value>>,
): (entry: T) => boolean {
  if (encoded === '') return () => true;
  const predicates = parse(encoded).map(readPredicate);
  for (const { key } of predicates) {
    if (!(key in fields)) throw invalid(`no support for filtering on unrecognized field "${key}"`);
  }
  return (entry) => predicates.every((predicate) => holds(predicate, fields[predicate.key]?.(entry) ?? ''));
}

function parse(encoded: string): readonly unknown[] {
  const refusal = (why: string): Error => invalid(`failed to parse valid filter from "${encoded}": ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : '');
  }
  if (!isRecord(value)) throw refusal('syntax error');
  const unknown = Object.keys(value).find((name) => name !== 'predicates');
  if (unknown !== undefined) throw refusal(`unknown field "${unknown}"`);
  const predicates = value['predicates'] ?? [];
  if (!Array.isArray(predicates)) throw refusal('invalid value for field predicates');
  return predicates;
}

function readPredicate(value: unknown): Predicate {
  if (!isRecord(value)) throw invalid('failed to parse valid filter: syntax error');
  const names = ['operation', 'key', ...single, ...several];
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalid(`failed to parse valid filter: unknown field "${unknown}"`);
  const operation = JSON.stringify(value['operation'] ?? operations[0]).replaceAll('"', '');
  const name = operations.includes(operation) ? operation : operations[Number(operation)];
  if (name === undefined || name === operations[0])
    throw invalid(`invalid predicate operation: ${operation}`);
  const fields = [...single, ...several].filter((field) => value[field] !== undefined);
  const [field, second] = fields;
  if (field === undefined || second !== undefined)
    throw invalid('failed to parse valid filter: one value is needed');
  const key = value['key'];
  if (typeof key !== 'string' || key === '')
    throw invalid(`Predicate key cannot be empty for operation ${name}`);
  const isListed = several.includes(field);
  if ((name === 'IN') !== isListed)
    throw invalid(
      `cannot use ${isListed ? `scalar operator ${name} on array type` : 'IN operator with scalar type'}`,
    );
  return { operation: name, key, value: valueOf(field, value[field]) };
}

function valueOf(field: string, value: unknown): Value | readonly Value[] {
  if (several.includes(field)) {
    const values = isRecord(value) ? value['values'] : undefined;
    if (!Array.isArray(values))
      throw invalid(`failed to parse valid filter: invalid value for field ${field}`);
    return values.map((entry) => (field === 'string_values' ? String(entry) : Number(entry)));
  }
  if (field === 'timestamp_value') return Math.floor(Date.parse(String(value)) / 1000);
  return field === 'string_value' ? String(value) : Number(value);
}

function holds({ operation, value }: Predicate, own: Value): boolean {
  if (Array.isArray(value)) return value.includes(own);
  const other: Value = typeof value === 'object' ? '' : value;
  switch (operation) {
    case 'EQUALS':
      return own === other;
    case 'NOT_EQUALS':
      return own !== other;
    case 'GREATER_THAN':
      return own > other;
    case 'GREATER_THAN_EQUALS':
      return own >= other;
    case 'LESS_THAN':
      return own < other;
    case 'LESS_THAN_EQUALS':
      return own <= other;
    default:
      return String(own).includes(String(other));
  }
}
