import type { Json } from '../api/call.ts';
import { invalidRequest } from '../refusal.ts';

/** Yes or no. @throws Refusal 422. */
export function flagParam(params: Json, name: string): boolean | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean')
    throw invalidRequest(`For '${name}', ${JSON.stringify(value)} is not a boolean.`);
  return value;
}

/** A list of texts. @throws Refusal 422. */
export function textsParam(params: Json, name: string): readonly string[] | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidRequest(`For '${name}', it is not an array.`);
  return value.map((entry: unknown) => {
    if (typeof entry === 'string') return entry;
    throw invalidRequest(`For '${name}', ${JSON.stringify(entry)} is not a string.`);
  });
}

/** An object or a text. @throws Refusal 422. */
export function payloadParam(params: Json): unknown {
  const value = params['payload'] ?? '';
  const isObject = typeof value === 'object' && !Array.isArray(value);
  if (!isObject && typeof value !== 'string')
    throw invalidRequest(`For 'payload', ${JSON.stringify(value)} is not an object.`);
  return value;
}
