import { afterEach, beforeEach, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

let s3: S3Sandbox;
beforeEach(async () => {
  s3 = await createS3Sandbox({ buckets: { b: { versioned: false } }, pageLimit: 2 });
  s3.put('b', 'k', 'content of the object');
});
afterEach(() => s3.close());

test.each([
  [403, 'AccessDenied'],
  [500, 'InternalError'],
  [503, 'SlowDown'],
] as const)('the next request is answered %i, the one after is right', async (status, code) => {
  s3.fail({ when: (request) => request.key === 'k', times: 1, fault: { kind: 'status', status } });
  const response = await fetch(`${s3.url}/b/k`);
  expect([response.status, (await response.text()).includes(code)]).toEqual([status, true]);
  expect((await fetch(`${s3.url}/b/k`)).status).toBe(200);
  expect(s3.requests.map((seen) => seen.status)).toEqual([status, 200]);
});

test('a dropped or truncated connection is an error of the network', async () => {
  const stop = s3.fail({ when: () => true, fault: { kind: 'drop' } });
  await expect(fetch(`${s3.url}/b/k`)).rejects.toThrow('fetch failed');
  stop();
  s3.fail({ when: () => true, fault: { kind: 'truncate' } });
  await expect(fetch(`${s3.url}/b/k`).then((response) => response.text())).rejects.toThrow('terminated');
});

test('a hanging request ends with the client’s patience, or with the server', async () => {
  s3.fail({ when: () => true, fault: { kind: 'hang' } });
  await expect(fetch(`${s3.url}/b/k`, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  const open = fetch(`${s3.url}/b/k`).then(
    () => 'answered',
    () => 'cut',
  );
  await expect.poll(() => s3.requests.length).toBe(2);
  await s3.close();
  expect(await open).toBe('cut');
});

test('a delay lasts as long as asked', async () => {
  s3.fail({ when: () => true, times: 1, fault: { kind: 'delay', ms: 60 } });
  const before = performance.now();
  expect((await fetch(`${s3.url}/b/k`)).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(50);
});

test('pages can be smaller than asked', async () => {
  for (const key of ['l', 'm']) s3.put('b', key, 'x');
  const xml = await (await fetch(`${s3.url}/b?list-type=2`)).text();
  expect([xml.includes('<KeyCount>2'), xml.includes('<IsTruncated>true')]).toEqual([true, true]);
  expect(s3.requests[0]?.query).toEqual({ 'list-type': '2' });
});
