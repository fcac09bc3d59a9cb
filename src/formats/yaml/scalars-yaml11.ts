import {
  isTimestamp,
  loneEquals,
  startsLikeNumber,
  typeInteger,
  typeSpecialFloat,
  typeWord,
} from './scalars.ts';
import type { ScalarRules, Typed } from './scalars.ts';
import type { ScalarValue } from './node.ts';

/** What readers of YAML 1.1 see (PyYAML): `yes` and `on` are booleans, `010` is eight, `1:30` is ninety. */
export const yaml11Scalars: ScalarRules = { type: typeYaml11 };

const truths = new Set(['yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const falsehoods = new Set(['no', 'No', 'NO', 'off', 'Off', 'OFF']);
const integer = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$/;
const float = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

function typeYaml11(text: string): Typed {
  const word = typeWord(text);
  if (word !== undefined) return word;
  if (truths.has(text)) return { type: 'bool', value: true };
  if (falsehoods.has(text)) return { type: 'bool', value: false };
  if (text === '=') return loneEquals;
  if (!startsLikeNumber(text)) return { type: 'string', value: text };
  return (
    typeNumber(text) ??
    (isTimestamp(text) ? { type: 'timestamp', value: text } : { type: 'string', value: text })
  );
}

function typeNumber(text: string): ScalarValue | undefined {
  const plain = text.replaceAll('_', '');
  if (integer.test(text)) return /[0-9a-fA-F]$/.test(plain) ? typeInteger(spellOctal(plain)) : undefined;
  if (float.test(text)) return { type: 'float', value: Number(plain) };
  if (sexagesimal.test(text)) return typeSexagesimal(plain);
  return typeSpecialFloat(text);
}

/** `010` as `0o10`, which is how the rest of the world writes it. */
function spellOctal(text: string): string {
  return text.replace(/^([-+]?)0(?=[0-7])/, '$10o');
}

function typeSexagesimal(text: string): ScalarValue {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  const value = sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { type: digits.includes('.') ? 'float' : 'int', value };
}
