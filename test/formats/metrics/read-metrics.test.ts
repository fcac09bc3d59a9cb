import { expect, test } from 'vitest';
import { readMetrics } from '../../../src/formats/metrics/read-metrics.ts';
import { defaultLimits } from '../../../src/limits.ts';

test.each<[string, string, object]>([
  ['numbers of JSON', '{"rmse": 3.1, "n": 200}', { rmse: 3.1, n: 200 }],
  ['numbers of YAML', 'rmse: 3.1\nn: 2e2\n', { rmse: 3.1, n: 200 }],
  [
    'numbers further in',
    '{"test": {"rmse": 3.1, "by": {"year": 4}}}',
    { 'test.rmse': 3.1, 'test.by.year': 4 },
  ],
  ['words, which are no metrics', '{"rmse": "3.1", "model": "forest", "ok": true, "x": null}', {}],
  ['a number alone, which has no name', '3.1', { '': 3.1 }],
  ['a broken file', '{"rmse": 3.1', {}],
])('%s', (_what, text, metrics) => {
  expect(readMetrics('metrics.json', Buffer.from(text), defaultLimits)).toEqual(metrics);
});

test('a file that is no UTF-8 — has no metrics', () => {
  expect(readMetrics('metrics.json', Buffer.from([0xff, 0xfe]), defaultLimits)).toEqual({});
});
