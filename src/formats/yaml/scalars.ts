import type { ScalarValue } from './node.ts';

/** What a plain scalar means, or why it means nothing. */
export type Typed = ScalarValue | { readonly type: 'invalid'; readonly message: string };

/** Types plain scalars: the same text is a number for one reader and a string for another. */
export interface ScalarRules {
  type(text: string): Typed;
  /** Other rules for documents that begin with `%YAML <version>`, where the consumer honours that. */
  readonly underDirective?: Readonly<Record<string, ScalarRules>> | undefined;
}

/** YAML 1.2 core schema: what JSON-minded readers see. */
export const coreScalars: ScalarRules = { type: typeCore };

const integer = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

function typeCore(text: string): Typed {
  const word = typeWord(text);
  if (word !== undefined) return word;
  if (!startsLikeNumber(text)) return { type: 'string', value: text };
  if (integer.test(text)) return typeInteger(text);
  if (float.test(text)) return { type: 'float', value: Number(text) };
  return typeSpecialFloat(text) ?? { type: 'string', value: text };
}

/** Null and the booleans of YAML 1.2, each in its three spellings. */
export function typeWord(text: string): ScalarValue | undefined {
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return { type: 'null', value: null };
    case 'true':
    case 'True':
    case 'TRUE':
      return { type: 'bool', value: true };
    case 'false':
    case 'False':
    case 'FALSE':
      return { type: 'bool', value: false };
    default:
      return undefined;
  }
}

/** Whether the text begins with a digit, a sign or a dot: nothing else is a number or a date in any rule set. */
export function startsLikeNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
}

/**
 * Sign, then decimal digits or `0b`, `0o`, `0x` digits. Beyond 2^53 the value is a bigint; thousands of digits are
 * left as text, as Python refuses them too.
 */
export function typeInteger(text: string): ScalarValue {
  if (text.length > 4300) return { type: 'string', value: text };
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return { type: 'int', value: value === 0 ? 0 : sign * value };
  const big = BigInt(digits);
  return { type: 'int', value: sign === -1 ? -big : big };
}

/** `.inf` and `.nan` in their three spellings. */
export function typeSpecialFloat(text: string): ScalarValue | undefined {
  const special = /^([-+]?)\.(?:inf|Inf|INF)$/.exec(text);
  if (special !== null) return { type: 'float', value: special[1] === '-' ? -Infinity : Infinity };
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? { type: 'float', value: Number.NaN } : undefined;
}

const date = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const dateTime =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/;

/** `2024-01-31`, and ISO-like stamps with a time, as YAML 1.1 and ruamel read them. */
export function isTimestamp(text: string): boolean {
  return date.test(text) || dateTime.test(text);
}

/** A lone `=` is YAML 1.1's "default value", which Python's readers refuse. */
export const loneEquals: Typed = {
  type: 'invalid',
  message: 'a lone "=" has a special meaning in YAML and cannot be read; quote it: "="',
};
