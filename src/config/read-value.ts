import { suggest } from '../domain/suggest.ts';
import { expand, type Environment } from './expand.ts';
import type { Kind } from './kinds.ts';

/** A value, or what is wrong with what was written. */
export type Read<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'wrong'; readonly message: string };

/** Reads a value of one kind; variables are filled in first. */
export function readValue<Value>(written: unknown, kind: Kind<Value>, env: Environment): Read<Value> {
  const expected = `expected ${kind.expected}`;
  if (written === undefined) return { kind: 'wrong', message: `is missing; ${expected}` };
  const text = toText(written);
  if (text === undefined) return { kind: 'wrong', message: `is ${shapeOf(written)}; ${expected}` };
  const refused = kind.refuse?.(text);
  if (refused !== undefined) return { kind: 'wrong', message: refused };
  const filled = expand(text, env);
  if (filled.kind === 'wrong') return { kind: 'wrong', message: `${filled.message}; ${expected}` };
  const value = kind.parse(filled.text);
  if (value !== undefined) return { kind: 'value', value };
  const meant = kind.words && suggest(filled.text, kind.words);
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return { kind: 'wrong', message: `${kind.why?.(filled.text) ?? describe(text, kind)}; ${expected}${hint}` };
}

/** What was written, unless it may be secret or holds variables. */
function describe(text: string, kind: Kind<unknown>): string {
  if (text.includes('${')) return 'is wrong once its variables are filled in';
  if (kind.confidential === true || text.length > 40) return 'has a wrong value';
  return text === '' ? 'is empty' : `is ${JSON.stringify(text)}`;
}

function toText(written: unknown): string | undefined {
  if (typeof written === 'string') return written;
  return typeof written === 'number' || typeof written === 'bigint' || typeof written === 'boolean'
    ? String(written)
    : undefined;
}

/** What stands where a text should. */
export function shapeOf(written: unknown): string {
  if (written === null) return 'empty';
  return Array.isArray(written) ? 'a list' : 'a group of keys';
}
