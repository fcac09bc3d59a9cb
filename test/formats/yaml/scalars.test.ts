import { describe, expect, test } from 'vitest';
import { coreScalars } from '../../../src/formats/yaml/scalars.ts';
import type { ScalarRules } from '../../../src/formats/yaml/scalars.ts';
import { dvcScalars } from '../../../src/formats/yaml/scalars-dvc.ts';
import { yaml11Scalars } from '../../../src/formats/yaml/scalars-yaml11.ts';

/** `int 8`, `string yes`, `invalid`. */
function typed(rules: ScalarRules, text: string): string {
  const scalar = rules.type(text);
  if (scalar.type === 'invalid' || scalar.type === 'null') return scalar.type;
  const value = Object.is(scalar.value, -0) ? '-0' : String(scalar.value);
  return `${scalar.type} ${typeof scalar.value === 'bigint' ? `${value}n` : value}`;
}

describe('plain scalars by rule set', () => {
  // Values of the three columns: YAML 1.2 core; PyYAML 6 (YAML 1.1); ruamel as DVC uses it (specs dvc 1.1).
  test.each<[text: string, core: string, yaml11: string, dvc: string]>([
    ['', 'null', 'null', 'null'],
    ['~', 'null', 'null', 'null'],
    ['NULL', 'null', 'null', 'null'],
    ['nUll', 'string nUll', 'string nUll', 'string nUll'],
    ['true', 'bool true', 'bool true', 'bool true'],
    ['FALSE', 'bool false', 'bool false', 'bool false'],
    ['yes', 'string yes', 'bool true', 'string yes'],
    ['Off', 'string Off', 'bool false', 'string Off'],
    ['y', 'string y', 'string y', 'string y'],
    ['0', 'int 0', 'int 0', 'int 0'],
    ['-0', 'int 0', 'int 0', 'int 0'],
    ['+12', 'int 12', 'int 12', 'int 12'],
    ['010', 'int 10', 'int 8', 'int 10'],
    ['0777', 'int 777', 'int 511', 'int 777'],
    ['08', 'int 8', 'string 08', 'int 8'],
    ['0o17', 'int 15', 'string 0o17', 'int 15'],
    ['0x1F', 'int 31', 'int 31', 'int 31'],
    ['-0x1F', 'string -0x1F', 'int -31', 'int -31'],
    ['0b101', 'string 0b101', 'int 5', 'int 5'],
    ['1_000', 'string 1_000', 'int 1000', 'int 1000'],
    ['_1', 'string _1', 'string _1', 'string _1'],
    ['9007199254740993', 'int 9007199254740993n', 'int 9007199254740993n', 'int 9007199254740993n'],
    ['-9007199254740993', 'int -9007199254740993n', 'int -9007199254740993n', 'int -9007199254740993n'],
    ['1.0', 'float 1', 'float 1', 'float 1'],
    ['5.', 'float 5', 'float 5', 'float 5'],
    ['.5', 'float 0.5', 'float 0.5', 'float 0.5'],
    ['1e3', 'float 1000', 'string 1e3', 'float 1000'],
    ['12e03', 'float 12000', 'string 12e03', 'float 12000'],
    ['1.5e+3', 'float 1500', 'float 1500', 'float 1500'],
    ['1_0.5', 'string 1_0.5', 'float 10.5', 'float 10.5'],
    ['-.inf', 'float -Infinity', 'float -Infinity', 'float -Infinity'],
    ['.NaN', 'float NaN', 'float NaN', 'float NaN'],
    ['.', 'string .', 'string .', 'string .'],
    ['-', 'string -', 'string -', 'string -'],
    ['1:30', 'string 1:30', 'int 90', 'string 1:30'],
    ['1:30.5', 'string 1:30.5', 'float 90.5', 'string 1:30.5'],
    ['2024-01-31', 'string 2024-01-31', 'timestamp 2024-01-31', 'timestamp 2024-01-31'],
    [
      '2024-01-31T10:00:00Z',
      'string 2024-01-31T10:00:00Z',
      'timestamp 2024-01-31T10:00:00Z',
      'timestamp 2024-01-31T10:00:00Z',
    ],
    ['2024-1-1', 'string 2024-1-1', 'string 2024-1-1', 'string 2024-1-1'],
    ['2.1.0', 'string 2.1.0', 'string 2.1.0', 'string 2.1.0'],
    ['1e1e1', 'string 1e1e1', 'string 1e1e1', 'string 1e1e1'],
    ['=', 'string =', 'invalid', 'invalid'],
    ['a71dc1', 'string a71dc1', 'string a71dc1', 'string a71dc1'],
  ])('%j — core, 1.1 and DVC', (text, core, yaml11, dvc) => {
    expect([typed(coreScalars, text), typed(yaml11Scalars, text), typed(dvcScalars, text)]).toEqual([
      core,
      yaml11,
      dvc,
    ]);
  });

  test('an integer of ten thousand digits — any rules — text, in no time', () => {
    const digits = '9'.repeat(10_000);
    for (const rules of [coreScalars, yaml11Scalars, dvcScalars])
      expect(rules.type(digits).type).toBe('string');
  });
});
