import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';
import { sign } from './sign.ts';

let s3: S3Sandbox;
beforeAll(async () => {
  s3 = await createS3Sandbox({
    buckets: {
      plain: { versioned: false, maxCopyBytes: 10 },
      kept: { versioned: true },
      refusing: { versioned: false, conditionalWrites: 'refused' },
      careless: { versioned: false, conditionalWrites: 'ignored' },
      locked: { versioned: false, canWrite: false },
    },
  });
  s3.put('plain', 'ten', '0123456789');
  s3.put('plain', 'eleven', '0123456789a');
  s3.put('kept', 'two', 'first');
  s3.put('kept', 'two', 'second');
});
afterAll(() => s3.close());

async function put(path: string, headers: Record<string, string> = {}, body = 'new'): Promise<string[]> {
  const response = await fetch(`${s3.url}/${path}`, { method: 'PUT', body, headers });
  return [String(response.status), codeOf(await response.text())];
}

describe('conditional writes', () => {
  const absent = { 'if-none-match': '*' };
  const ten = { 'if-match': `"${hex('md5', '0123456789')}"` };
  test.each<[string, string, Record<string, string>, string, string]>([
    ['nothing is there', 'plain/fresh', absent, '200', ''],
    ['something is there', 'plain/ten', absent, '412', 'PreconditionFailed'],
    ['only a deleted object is there', 'kept/deleted', absent, '200', ''],
    ['an etag instead of *', 'plain/ten', { 'if-none-match': '"x"' }, '501', 'NotImplemented'],
    ['another etag is there', 'plain/eleven', ten, '412', 'PreconditionFailed'],
    ['no etag is there', 'plain/nowhere', ten, '404', 'NoSuchKey'],
    ['a store without them refuses', 'refusing/fresh', absent, '501', 'NotImplemented'],
    ['a store without them writes', 'refusing/plainly', {}, '200', ''],
    ['a store that does not look', 'careless/k', absent, '200', ''],
    ['a store that does not look, again', 'careless/k', absent, '200', ''],
  ])('%s', async (_name, path, headers, status, code) => {
    s3.put('kept', 'deleted', 'x');
    s3.remove('kept', 'deleted');
    expect(await put(path, headers)).toEqual([status, code]);
  });

  test('two at once — one is written, the other is refused', async () => {
    const both = await Promise.all(['one', 'two'].map((body) => put('plain/race', absent, body)));
    expect(both.map(([status]) => status)).toEqual(expect.arrayContaining(['200', '412']));
  });

  test('an armed conflict — 409, and nothing is written', async () => {
    s3.fail({ when: ({ key }) => key === 'contested', times: 1, fault: { kind: 'conflict' } });
    expect(await put('plain/contested', absent)).toEqual(['409', 'ConditionalRequestConflict']);
    expect(s3.read('plain', 'contested')).toBeUndefined();
    expect(await put('plain/contested', absent)).toEqual(['200', '']);
  });
});

describe('checksums of a body', () => {
  const md5 = (text: string): Record<string, string> => ({ 'content-md5': base64('md5', text) });
  const sha = (text: string): Record<string, string> => ({ 'x-amz-checksum-sha256': base64('sha256', text) });
  test.each<[string, Record<string, string>, string, string]>([
    ['md5 agrees', md5('new'), '200', ''],
    ['md5 of something else', md5('old'), '400', 'BadDigest'],
    ['md5 that is none', { 'content-md5': 'aGk=' }, '400', 'InvalidDigest'],
    ['sha256 agrees', sha('new'), '200', ''],
    ['sha256 of something else', sha('old'), '400', 'BadDigest'],
    ['sha256 that is none', { 'x-amz-checksum-sha256': 'aGk=' }, '400', 'InvalidRequest'],
  ])('%s', async (name, headers, status, code) => {
    expect(await put(`plain/sum/${encodeURIComponent(name)}`, headers)).toEqual([status, code]);
  });
});

describe('CopyObject', () => {
  const eleven = hex('md5', '0123456789a');
  test.each<[string, Record<string, string>, string, string]>([
    ['from the same bucket', { 'x-amz-copy-source': '/plain/ten' }, '200', ''],
    ['from another bucket, a version encoded', { 'x-amz-copy-source': 'kept%2Ftwo' }, '200', ''],
    ['more than one request may copy', { 'x-amz-copy-source': 'plain/eleven' }, '400', 'InvalidRequest'],
    ['from no object', { 'x-amz-copy-source': 'plain/none' }, '404', 'NoSuchKey'],
    ['from no bucket', { 'x-amz-copy-source': 'nowhere/none' }, '404', 'NoSuchBucket'],
    ['from nothing that is a place', { 'x-amz-copy-source': 'ten' }, '400', 'InvalidArgument'],
    [
      'from what has changed',
      { 'x-amz-copy-source': 'plain/ten', 'x-amz-copy-source-if-match': eleven },
      '412',
      'PreconditionFailed',
    ],
  ])('%s', async (name, headers, status, code) => {
    expect(await put(`plain/copy/${encodeURIComponent(name)}`, headers, '')).toEqual([status, code]);
  });

  test('the copy has the bytes, and its etag is answered', async () => {
    const headers = { 'x-amz-copy-source': '/plain/ten' };
    const response = await fetch(`${s3.url}/plain/the-copy`, { method: 'PUT', headers });
    expect(await response.text()).toContain(`<ETag>&quot;${hex('md5', '0123456789')}&quot;</ETag>`);
    expect(String(s3.read('plain', 'the-copy'))).toBe('0123456789');
    expect(await put('plain/the-copy', { ...headers, 'if-none-match': '*' }, '')).toEqual([
      '412',
      'PreconditionFailed',
    ]);
  });

  test('onto itself without any change — refused', async () => {
    expect(await put('plain/ten', { 'x-amz-copy-source': 'plain/ten' }, '')).toEqual([
      '400',
      'InvalidRequest',
    ]);
  });
});

describe('rights', () => {
  const owner = { accessKeyId: 'AKIAOWNER', secretAccessKey: 'secret' };
  const reader = { accessKeyId: 'AKIAREADER', secretAccessKey: 'other' };
  test('a bucket without the right to write — reading goes on', async () => {
    s3.put('locked', 'k', 'x');
    expect(await put('locked/k')).toEqual(['403', 'AccessDenied']);
    expect((await fetch(`${s3.url}/locked/k`)).status).toBe(200);
    expect((await fetch(`${s3.url}/locked/k`, { method: 'DELETE' })).status).toBe(403);
  });

  test('credentials that may only read — 403 with the action and the resource', async () => {
    const signed = await createS3Sandbox({
      buckets: { b: { versioned: false } },
      credentials: owner,
      readers: [reader],
    });
    const url = `${signed.url}/b/k`;
    const send = (method: string, by: typeof owner) => {
      const body = method === 'PUT' ? 'x' : undefined;
      const headers = sign(method, url, by, body === undefined ? {} : { body });
      return fetch(url, { method, headers, ...(body !== undefined && { body }) });
    };
    const refused = await send('PUT', reader);
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('s3:PutObject')]);
    expect((await send('PUT', owner)).status).toBe(200);
    expect((await send('GET', reader)).status).toBe(200);
    expect((await send('GET', { ...reader, secretAccessKey: 'wrong' })).status).toBe(403);
    await signed.close();
  });
});

describe('lost answers', () => {
  test('the connection is cut — the object was written', async () => {
    s3.fail({ when: ({ key }) => key === 'lost', times: 1, fault: { kind: 'lost' } });
    await expect(put('plain/lost')).rejects.toThrow('fetch failed');
    expect(String(s3.read('plain', 'lost'))).toBe('new');
  });

  test('a proxy answers 502 — the object was written', async () => {
    s3.fail({ when: ({ key }) => key === 'lost-502', times: 1, fault: { kind: 'lost', status: 502 } });
    expect(await put('plain/lost-502')).toEqual(['502', '']);
    expect(String(s3.read('plain', 'lost-502'))).toBe('new');
  });
});

function codeOf(xml: string): string {
  return /<Code>(.*)<\/Code>/.exec(xml)?.[1] ?? '';
}

function hex(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

function base64(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('base64');
}
