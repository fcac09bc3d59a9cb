import {
  isTimestamp,
  loneEquals,
  startsLikeNumber,
  typeInteger,
  typeSpecialFloat,
  typeWord,
} from './scalars.ts';
import type { ScalarRules, Typed } from './scalars.ts';
import { yaml11Scalars } from './scalars-yaml11.ts';

/** What DVC sees: YAML 1.2 with `_` in numbers, `0b`, decimal leading zeros, `1e3` a float, dates (specs dvc 1.1). */
export const dvcScalars: ScalarRules = { type: typeDvc, underDirective: { '1.1': yaml11Scalars } };

const integer = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9_]+)$/;
const float =
  /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+][0-9]+)?)$/;

function typeDvc(text: string): Typed {
  const word = typeWord(text);
  if (word !== undefined) return word;
  if (text === '=') return loneEquals;
  if (!startsLikeNumber(text)) return { type: 'string', value: text };
  if (integer.test(text)) {
    const digits = text.replaceAll('_', '');
    return /[0-9a-fA-F]$/.test(digits) ? typeInteger(digits) : { type: 'string', value: text };
  }
  if (float.test(text)) {
    const value = Number(text.replaceAll('_', ''));
    return Number.isNaN(value) ? { type: 'string', value: text } : { type: 'float', value };
  }
  return (
    typeSpecialFloat(text) ??
    (isTimestamp(text) ? { type: 'timestamp', value: text } : { type: 'string', value: text })
  );
}
