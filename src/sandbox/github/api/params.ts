import { Refusal, invalidRequest } from '../refusal.ts';
import type { Json } from './call.ts';
import { lengthOf } from './length.ts';

/** The fields of a body. @throws Refusal 400 for one that is not a JSON object. */
export function readBodyFields(body: Buffer): Json {
  if (body.length === 0) return {};
  const parsed = parse(body.toString());
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Refusal(400, { message: 'Body should be a JSON object' });
  return { ...parsed };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, { message: 'Problems parsing JSON' });
  }
}

/** A text, or undefined where it is missing or null. @throws Refusal 422 where it is no text. */
export function textParam(params: Json, name: string, maxLength?: number): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw invalidRequest(`For '${name}', ${JSON.stringify(value)} is not a string.`);
  if (maxLength !== undefined && lengthOf(value) > maxLength)
    throw invalidRequest(`For '${name}', it is too long (maximum is ${maxLength} characters).`);
  return value;
}

/** A text that must be there. @throws Refusal 422. */
export function requiredText(params: Json, name: string, maxLength?: number): string {
  const value = textParam(params, name, maxLength);
  if (value === undefined) throw invalidRequest(`"${name}" wasn't supplied.`);
  return value;
}

/** A whole number. @throws Refusal 422. */
export function integerParam(params: Json, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalidRequest(`For '${name}', ${JSON.stringify(value)} is not an integer.`);
  return value;
}

/** One of a list. @throws Refusal 422. */
export function choiceParam<T extends string>(
  params: Json,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw invalidRequest(`${text} is not a member of ${JSON.stringify(choices)}.`);
  return found;
}

/** A moment in ISO 8601. @throws Refusal 422. */
export function timeParam(params: Json, name: string): Date | undefined {
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at.getTime()))
    throw invalidRequest(`For '${name}', ${text} is not a valid date-time.`);
  return at;
}

/** A list of objects. @throws Refusal 422 for something else, or too many. */
export function listParam(params: Json, name: string, maxItems: number): readonly Json[] | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidRequest(`For '${name}', it is not an array.`);
  if (value.length > maxItems)
    throw invalidRequest(`No more than ${maxItems} items are allowed; ${value.length} were supplied.`);
  return value.map((item: unknown) => asObject(item, name));
}

/** An object. @throws Refusal 422. */
export function objectParam(params: Json, name: string): Json | undefined {
  const value = params[name];
  return value === undefined || value === null ? undefined : asObject(value, name);
}

function asObject(value: unknown, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidRequest(`For '${name}', ${JSON.stringify(value)} is not an object.`);
  return { ...value };
}
