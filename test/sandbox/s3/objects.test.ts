import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

let s3: S3Sandbox;
const versions = { first: '', second: '', marked: '', marker: '' };
const unknown = 'A'.repeat(32);

beforeAll(async () => {
  const buckets = {
    plain: { versioned: false },
    kept: { versioned: true },
    shy: { versioned: true, canList: false },
  };
  s3 = await createS3Sandbox({ buckets });
  s3.put('plain', 'ten', '0123456789');
  s3.put('plain', 'empty', '');
  s3.put('plain', 'parts', 'x', {
    etag: 'd41d8cd98f00b204e9800998ecf8427e-2',
    headers: { 'x-amz-server-side-encryption': 'aws:kms' },
  });
  versions.first = s3.put('kept', 'model.pkl', 'one');
  versions.second = s3.put('kept', 'model.pkl', 'two!');
  versions.marked = s3.put('kept', 'gone', 'was here');
  s3.remove('kept', 'gone');
  versions.marker =
    (await fetch(`${s3.url}/kept/gone`, { method: 'HEAD' })).headers.get('x-amz-version-id') ?? '';
  s3.put('shy', 'here', 'x');
});
afterAll(() => s3.close());

describe('GET and HEAD', () => {
  const table: readonly [string, () => string, number, string, Readonly<Record<string, string | null>>][] = [
    [
      'an object',
      () => 'plain/ten',
      200,
      '',
      { etag: md5('0123456789'), 'content-length': '10', 'x-amz-version-id': null },
    ],
    ['an empty object', () => 'plain/empty', 200, '', { etag: md5(''), 'content-length': '0' }],
    [
      'a multi-part upload',
      () => 'plain/parts',
      200,
      '',
      { etag: '"d41d8cd98f00b204e9800998ecf8427e-2"', 'x-amz-server-side-encryption': 'aws:kms' },
    ],
    ['a missing key', () => 'plain/none', 404, 'NoSuchKey', {}],
    ['a missing bucket', () => 'nowhere/none', 404, 'NoSuchBucket', {}],
    [
      'the null version of a plain bucket',
      () => 'plain/ten?versionId=null',
      200,
      '',
      { 'content-length': '10' },
    ],
    ['another version of a plain bucket', () => `plain/ten?versionId=${unknown}`, 404, 'NoSuchVersion', {}],
    ['the newest version', () => 'kept/model.pkl', 200, '', { etag: md5('two!') }],
    ['an old version', () => `kept/model.pkl?versionId=${versions.first}`, 200, '', { etag: md5('one') }],
    [
      'the null version of a versioned bucket',
      () => 'kept/model.pkl?versionId=null',
      404,
      'NoSuchVersion',
      {},
    ],
    ['a missing version', () => `kept/model.pkl?versionId=${unknown}`, 404, 'NoSuchVersion', {}],
    ['a malformed version', () => 'kept/model.pkl?versionId=v1', 400, 'InvalidArgument', {}],
    ['an empty version', () => 'kept/model.pkl?versionId=', 400, 'InvalidArgument', {}],
    ['a deleted object', () => 'kept/gone', 404, 'NoSuchKey', { 'x-amz-delete-marker': 'true' }],
    [
      'the version below a delete marker',
      () => `kept/gone?versionId=${versions.marked}`,
      200,
      '',
      { 'x-amz-delete-marker': null },
    ],
    [
      'the delete marker itself',
      () => `kept/gone?versionId=${versions.marker}`,
      405,
      'MethodNotAllowed',
      { 'x-amz-delete-marker': 'true', allow: 'DELETE' },
    ],
    ['a key there, without the right to list', () => 'shy/here', 200, '', {}],
    ['a missing key, without the right to list', () => 'shy/none', 403, 'AccessDenied', {}],
    ['a broken escape', () => 'plain/%zz', 400, 'InvalidURI', {}],
  ];
  test.each(table)('%s', async (_name, path, status, code, headers) => {
    const got = await fetch(`${s3.url}/${path()}`);
    const text = await got.text();
    const head = await fetch(`${s3.url}/${path()}`, { method: 'HEAD' });
    expect([got.status, head.status, await head.text()]).toEqual([status, status, '']);
    expect(status < 300 ? '' : text).toContain(code === '' ? '' : `<Code>${code}</Code>`);
    for (const [name, value] of Object.entries(headers)) {
      expect([name, got.headers.get(name)]).toEqual([name, value]);
      expect([name, head.headers.get(name)]).toEqual([name, value]);
    }
  });

  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['bytes=0-1,3-4', 200, '0123456789', null],
    ['items=0-1', 200, '0123456789', null],
  ])('range %s', async (range, status, text, contentRange) => {
    const response = await fetch(`${s3.url}/plain/ten`, { headers: { range } });
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(response.headers.get('content-range')).toBe(contentRange);
  });

  test.each([
    ['ten', 'bytes=10-'],
    ['empty', 'bytes=0-0'],
  ])('range beyond the end of %s: 416', async (key, range) => {
    const response = await fetch(`${s3.url}/plain/${key}`, { headers: { range } });
    expect([response.status, (await response.text()).includes('InvalidRange')]).toEqual([416, true]);
  });

  test('if-none-match with the present etag: 304', async () => {
    const etag = (await fetch(`${s3.url}/plain/ten`)).headers.get('etag') ?? '';
    expect((await fetch(`${s3.url}/plain/ten`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

test('the bucket may stand in the host name', async () => {
  const { port } = new URL(s3.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `plain.localhost:${port}` };
    request({ port, host: '127.0.0.1', path: '/ten', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(200);
});

describe('PUT and DELETE', () => {
  test('a version is written, hidden by a marker, shown again when the marker is deleted', async () => {
    const url = `${s3.url}/kept/story%2Bplus`;
    const put = await fetch(url, { method: 'PUT', body: 'v1' });
    expect(put.headers.get('x-amz-version-id')).toMatch(/^.{32}$/);
    const removed = await fetch(url, { method: 'DELETE' });
    expect([removed.status, removed.headers.get('x-amz-delete-marker')]).toEqual([204, 'true']);
    expect((await fetch(url)).status).toBe(404);
    await fetch(`${url}?versionId=${removed.headers.get('x-amz-version-id')}`, { method: 'DELETE' });
    expect(await (await fetch(url)).text()).toBe('v1');
    expect((await fetch(`${s3.url}/kept/story+plus`)).status).toBe(404);
  });

  test('a plain bucket overwrites and deletes for good', async () => {
    const url = `${s3.url}/plain/note`;
    for (const body of ['1', '22']) await fetch(url, { method: 'PUT', body });
    expect(await (await fetch(url)).text()).toBe('22');
    expect((await fetch(url, { method: 'PUT', body: '3', headers: { 'if-none-match': '*' } })).status).toBe(
      412,
    );
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(url)).status).toBe(404);
  });

  test('?versioning tells which bucket keeps versions', async () => {
    expect(await (await fetch(`${s3.url}/kept?versioning`)).text()).toContain('<Status>Enabled</Status>');
    expect(await (await fetch(`${s3.url}/plain?versioning`)).text()).not.toContain('Status');
  });
});

function md5(text: string): string {
  return `"${createHash('md5').update(text).digest('hex')}"`;
}
