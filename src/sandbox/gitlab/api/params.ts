import { badParameter } from '../refusal.ts';
import type { Json } from './call.ts';

/** Query and body as one set of parameters. @throws Refusal 400 for a body that is not readable. */
export function readParams(query: URLSearchParams, contentType: string, body: Buffer): Json {
  const fromQuery = Object.fromEntries(query);
  if (body.length === 0) return fromQuery;
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body.toString())) };
  }
  if (!contentType.startsWith('application/json'))
    throw badParameter("The provided content-type '' is not supported.");
  const parsed = parse(body.toString());
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw badParameter('body is not an object');
  return { ...fromQuery, ...parsed };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badParameter('There was a problem in the JSON you submitted');
  }
}

/** A text parameter. @throws Refusal 400 where it is no text. */
export function textParam(params: Json, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badParameter(`${name} is invalid`);
}

/** A text parameter that must be there. @throws Refusal 400 `… is missing`. */
export function requiredText(params: Json, name: string): string {
  const value = textParam(params, name);
  if (value === undefined) throw badParameter(`${name} is missing`);
  return value;
}

/** A whole number. @throws Refusal 400 `… is invalid`. */
export function integerParam(params: Json, name: string): number | undefined {
  const text = textParam(params, name);
  if (text === undefined || text === '') return undefined;
  if (!/^-?\d+$/.test(text)) throw badParameter(`${name} is invalid`);
  return Number(text);
}

/** One of a list. @throws Refusal 400 `… does not have a valid value`. */
export function choiceParam<T extends string>(
  params: Json,
  name: string,
  choices: readonly T[],
): T | undefined {
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw badParameter(`${name} does not have a valid value`);
  return found;
}
