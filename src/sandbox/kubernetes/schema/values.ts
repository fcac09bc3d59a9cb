import { isList, isObject, numberAt, textAt, type Json, type JsonObject } from '../json.ts';
import type { Cause } from '../refusal.ts';

/** The cause when a value has not the type that the schema names. */
export function typeProblem(schema: JsonObject, value: Json, path: string): Cause | undefined {
  const found = typeOf(value);
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const wanted = intOrString ? 'integer,string' : textAt(schema, 'type');
  if (wanted === undefined) return undefined;
  const fits = wanted.split(',').some((type) => type === found || (type === 'number' && found === 'integer'));
  if (fits) return undefined;
  const message = `Invalid value: "${found}": ${path} in body must be of type ${wanted}: "${found}"`;
  return { reason: 'FieldValueTypeInvalid', message, field: path };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** The causes when a number, text or list is out of its bounds. */
export function boundCauses(schema: JsonObject, value: Json, path: string): readonly Cause[] {
  if (typeof value === 'number') {
    return [
      ...above(value, numberAt(schema, 'maximum'), { path, value }),
      ...beneath(value, numberAt(schema, 'minimum'), { path, value }),
    ];
  }
  if (isList(value)) return lengthCauses(schema, value.length, { path, value, what: 'Items' });
  if (typeof value !== 'string') return [];
  return [
    ...lengthCauses(schema, value.length, { path, value, what: 'Length' }),
    ...patternCauses(schema, value, path),
  ];
}

interface At {
  readonly path: string;
  readonly value: Json;
}

function lengthCauses(
  schema: JsonObject,
  length: number,
  at: At & { readonly what: string },
): readonly Cause[] {
  return [
    ...above(length, numberAt(schema, `max${at.what}`), at),
    ...beneath(length, numberAt(schema, `min${at.what}`), at),
  ];
}

function above(found: number, limit: number | undefined, at: At): readonly Cause[] {
  return limit === undefined || found <= limit ? [] : [out(at, `less than or equal to ${limit}`)];
}

function beneath(found: number, limit: number | undefined, at: At): readonly Cause[] {
  return limit === undefined || found >= limit ? [] : [out(at, `greater than or equal to ${limit}`)];
}

function patternCauses(schema: JsonObject, value: string, path: string): readonly Cause[] {
  const pattern = textAt(schema, 'pattern');
  if (pattern === undefined || new RegExp(pattern).test(value)) return [];
  return [out({ path, value }, `match '${pattern}'`)];
}

function out({ path, value }: At, expectation: string): Cause {
  const message = `Invalid value: ${JSON.stringify(value)}: ${path} in body should be ${expectation}`;
  return { reason: 'FieldValueInvalid', message, field: path };
}
