import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenLimits, joinedLimits } from '../../src/domain/metric-limits.ts';
import type { MetricLimits } from '../../src/domain/policy.ts';
import { fillParameters, usesPlaceholder } from '../../src/domain/run-parameters.ts';
import { runtimeObjection } from '../../src/domain/runtime-files.ts';
import { unexpected } from '../../src/domain/smoke.ts';
import { classify } from '../../src/domain/trigger.ts';

describe('the class of a release', () => {
  const triggers = {
    data: ['**/*.dvc', '!model.pkl.dvc'],
    feature: ['pipelines/**'],
    maintenance: ['.modelgate.yaml'],
  };

  test.each([
    [['data/a.dvc'], 'data'],
    [['data/a.dvc', 'pipelines/p.yaml'], 'feature'],
    [['.modelgate.yaml'], 'maintenance'],
    [['model.pkl.dvc'], undefined],
    [['README.md'], undefined],
    [[], undefined],
  ])('%j — %s', (changed, expected) => {
    expect(classify(changed, triggers, new Set())).toBe(expected);
  });

  test('outputs never count', () => {
    expect(classify(['pipelines/out.yaml'], triggers, new Set(['pipelines/out.yaml']))).toBeUndefined();
  });
});

describe('metric limits', () => {
  test.each<[string, MetricLimits, number | undefined, number | undefined, readonly string[]]>([
    ['kept', { min: 1, max: 4 }, 3, undefined, []],
    ['at the bound', { max: 4 }, 4, undefined, []],
    ['above', { max: 4 }, 4.1, undefined, ['max']],
    ['below', { min: 0.9 }, 0.8, undefined, ['min']],
    ['missing', { min: 0.9 }, undefined, undefined, ['missing']],
    ['not a number', { min: 0.9 }, Number.NaN, undefined, ['missing']],
    ['infinite', { min: 0.9 }, Number.POSITIVE_INFINITY, undefined, ['missing']],
    ['worse, lower is better', { max: 9, maxRegression: 0.02 }, 3.1, 3, ['maxRegression']],
    ['better, lower is better', { max: 9, maxRegression: 0.02 }, 2, 3, []],
    ['worse, higher is better', { min: 0, maxRegression: 0.1 }, 0.8, 0.9, ['maxRegression']],
    ['within the room', { min: 0, maxRegression: 0.2 }, 0.8, 0.9, []],
    ['nothing to compare with', { max: 9, maxRegression: 0 }, 5, undefined, []],
    [
      'negative values, higher is better',
      { better: 'higher', maxRegression: 0.1 },
      -12,
      -10,
      ['maxRegression'],
    ],
  ])('%s', (_what, limits, value, before, broken) => {
    const metrics = value === undefined ? {} : { m: value };
    const old = before === undefined ? {} : { m: before };

    expect(brokenLimits({ m: limits }, metrics, old).map(({ limit }) => limit)).toEqual(broken);
  });

  test('names of the prototype are no metrics', () => {
    expect(brokenLimits({ constructor: { min: 0 } }, {})).toMatchObject([{ limit: 'missing' }]);
  });
});

describe('what a runtime looks for', () => {
  test.each([
    ['sklearn', ['model.pkl'], true],
    ['sklearn', ['model.joblib', 'notes.txt'], true],
    ['sklearn', ['model.pkl', 'other.pickle'], false],
    ['sklearn', ['model.bin'], false],
    ['sklearn', ['below/model.pkl'], false],
    ['xgboost', ['model.bst', 'model.json'], false],
    ['lightgbm', ['model.bst'], true],
    ['tensorflow', ['1/saved_model.pb'], true],
    ['constructor', ['x'], true],
  ])('%s, %j — %s', (format, paths, fits) => {
    expect(runtimeObjection(format, paths) === undefined).toBe(fits);
  });
});

describe('smoke predictions', () => {
  test.each<[unknown, unknown, number, string | undefined]>([
    [{ predictions: [17.5] }, { predictions: [17.4], model: 'x' }, 0.2, undefined],
    [{ predictions: [17.5] }, { predictions: [17] }, 0.2, 'predictions[0]: 17 instead of 17.5 ± 0.2'],
    [{ predictions: [1, 2] }, { predictions: [1] }, 0, 'predictions: a list of 1 instead of 2'],
    [{ outputs: [{ name: 'y' }] }, { outputs: [{ name: 'z' }] }, 0, 'outputs[0].name: "z" instead of "y"'],
    [{ a: 1 }, 'text', 0, 'the answer: "text" instead of an object'],
    [{ a: 1 }, {}, 0, 'a: nothing instead of 1'],
    [{ a: 1 }, { a: '1' }, 5, 'a: "1" instead of 1 ± 5'],
    [{ toString: 1 }, {}, 0, 'toString: nothing instead of 1'],
    [null, null, 0, undefined],
  ])('%j, answered %j, tolerance %d — %s', (expected, actual, tolerance, problem) => {
    expect(unexpected(expected, actual, tolerance)).toBe(problem);
  });

  test('an answer is what it is', () => {
    assert(
      property(jsonValue(), (value) => {
        expect(unexpected(value, value, 0)).toBeUndefined();
      }),
    );
  });
});

describe('parameters of a run', () => {
  const values = {
    trigger: 'data',
    timestamp: 't',
    commit: 'c',
    branch: 'main',
    run: 'r',
    manifest: 's3://m.json',
  };

  test('placeholders are filled in, everywhere in a text and nowhere else', () => {
    const parameters = { a: '${trigger} of ${commit}, ${trigger}', b: 3, c: '${other}', d: true };

    expect(fillParameters(parameters, values)).toEqual({
      a: 'data of c, data',
      b: 3,
      c: '${other}',
      d: true,
    });
  });

  test('what stands for a placeholder is never read as one', () => {
    expect(fillParameters({ a: '${trigger}' }, { ...values, trigger: '$& ${run}' })).toEqual({
      a: '$& ${run}',
    });
  });

  test('which placeholders are used', () => {
    expect(usesPlaceholder({ a: 'x${manifest}' }, 'manifest')).toBe(true);
    expect(usesPlaceholder({ a: 'manifest', b: 1 }, 'manifest')).toBe(false);
  });
});

test('two files name one metric — what keeps both is asked of it', () => {
  const joined = joinedLimits([
    { rmse: { max: 4, maxRegression: 0.1 }, r2: { min: 0.7 } },
    { rmse: { min: 1, max: 10, maxRegression: 0.02 }, r2: { min: 0.9 }, mae: { max: 2 } },
  ]);

  expect(joined).toEqual({
    rmse: { min: 1, max: 4, maxRegression: 0.02, better: 'lower' },
    r2: { min: 0.9, max: undefined, maxRegression: undefined, better: 'higher' },
    mae: { max: 2 },
  });
});
