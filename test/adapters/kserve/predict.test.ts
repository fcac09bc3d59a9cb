import { expect, test } from 'vitest';
import { RetryableError } from '../../../src/errors.ts';
import type { Prediction } from '../../../src/ports/serving.ts';
import { json, never, thrownBy, withScript } from './kserve-world.ts';

const service = 'auto-mpg';
const body = { instances: [[4, 140, 86]] };

test.each([
  ['v1', '/v1/models/auto-mpg:predict'],
  ['v2', '/v2/models/auto-mpg/infer'],
] as const)('%s — is asked at the address of the service', async (protocol, path) => {
  await withScript([json({ predictions: [27.5] })], async ({ serving, seen, url }) => {
    expect(await serving.predict({ service, url, protocol, body }, never)).toEqual({
      status: 200,
      body: { predictions: [27.5] },
      excerpt: '{"predictions":[27.5]}',
    });
    expect(seen).toMatchObject([{ method: 'POST', path, body: JSON.stringify(body) }]);
    // The credentials are the cluster's, not the model's.
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });
});

test('a service below a path — keeps the path', async () => {
  await withScript([json({})], async ({ serving, seen, url }) => {
    await serving.predict({ service, url: `${url}/serving/auto-mpg/`, protocol: 'v1', body }, never);
    expect(seen[0]?.path).toBe('/serving/auto-mpg/v1/models/auto-mpg:predict');
  });
});

test('a gateway — is asked with the name of the service as Host', async () => {
  const url = 'https://auto-mpg.serving.example.com/base';
  await withScript([json({})], async ({ url: gateway, seen }) => {
    await withScript(
      [],
      async ({ serving }) => void (await serving.predict({ service, url, protocol: 'v2', body }, never)),
      { gateway: `${gateway}/edge/` },
    );
    expect(seen).toMatchObject([
      { path: '/edge/base/v2/models/auto-mpg/infer', headers: { host: 'auto-mpg.serving.example.com' } },
    ]);
  });
});

test.each<[string, Parameters<typeof withScript>[0][number], Prediction]>([
  ['404', { status: 404, body: '' }, { status: 404, body: undefined, excerpt: '' }],
  [
    '503 of a gateway',
    { status: 503, body: 'no healthy\nupstream' },
    { status: 503, body: undefined, excerpt: 'no healthy upstream' },
  ],
  [
    'an error of the model server',
    json({ error: 'Input has 2 features' }, 400),
    { status: 400, body: { error: 'Input has 2 features' }, excerpt: '{"error":"Input has 2 features"}' },
  ],
  [
    'NaN, which is no JSON',
    { status: 200, body: '{"predictions": [NaN]}' },
    { status: 200, body: undefined, excerpt: '{"predictions": [NaN]}' },
  ],
])('%s — is an answer', async (_name, answer, expected) => {
  await withScript([answer], async ({ serving, url }) => {
    expect(await serving.predict({ service, url, protocol: 'v1', body }, never)).toEqual(expected);
  });
});

test('an endless answer — is cut, and no JSON', async () => {
  const long = JSON.stringify({ predictions: '1'.repeat(5 * 1024 * 1024) });
  await withScript([{ status: 200, body: long }], async ({ serving, url }) => {
    const answer = await serving.predict({ service, url, protocol: 'v1', body }, never);
    expect(answer).toMatchObject({ status: 200, body: undefined });
    expect(answer.excerpt.length).toBeLessThanOrEqual(300);
  });
});

test.each(['drop', 'hang'] as const)('%s — a later try may answer', async (answer) => {
  await withScript([answer], async ({ serving, url }) => {
    const thrown = await thrownBy(serving.predict({ service, url, protocol: 'v1', body }, never));
    expect(thrown).toBeInstanceOf(RetryableError);
  });
});

test.each(['', 'auto-mpg.serving', 'file:///etc/passwd', 'http://'])(
  'the address %j — cannot be asked',
  async (url) => {
    await withScript([], async ({ serving }) => {
      const thrown = await thrownBy(serving.predict({ service, url, protocol: 'v1', body }, never));
      expect(thrown).toBeInstanceOf(RetryableError);
    });
  },
);
