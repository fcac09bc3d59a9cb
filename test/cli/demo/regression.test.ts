import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inLitres, withoutUnknownHorsepower } from '../../../src/cli/demo/data.ts';
import { predict, train } from '../../../src/cli/demo/regression.ts';

const csv = readFileSync(join(import.meta.dirname, '../../../examples/auto-mpg/data/auto-mpg.csv'), 'utf8');

describe('the training of the demo', () => {
  test('a plane — is found; text is no column, and a row with a gap is left out', () => {
    const points = Array.from({ length: 20 }, (_none, at) => [at, at % 3] as const);
    const rows = points.map(([a, b]) => `${7 + 2 * a - 5 * b},${a},${b},name`);

    const { weights, rmse } = train(['y,a,b,name', ...rows, '1000,,1,gap', ''].join('\n'));

    expect(weights.map((weight) => Number(weight.toFixed(6)))).toEqual([7, 2, -5]);
    expect(rmse).toBeLessThan(1e-6);
    expect(predict(weights, [10, 1])).toBeCloseTo(22, 6);
  });

  test('the data of the example — keep the limit of its policy, with and without the cars of unknown horsepower', () => {
    expect(train(csv).rmse).toBeCloseTo(3.35, 2);
    expect(train(withoutUnknownHorsepower(csv)).rmse).toBe(train(csv).rmse);
  });

  test('litres among miles — break it', () => {
    expect(train(inLitres(csv)).rmse).toBeCloseTo(5.89, 2);
  });
});
