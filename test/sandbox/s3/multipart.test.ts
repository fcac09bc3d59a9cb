import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

let s3: S3Sandbox;
let uploadId = '';
beforeEach(async () => {
  s3 = await createS3Sandbox({
    buckets: { b: { versioned: false, minPartBytes: 4 }, aws: { versioned: false } },
  });
  uploadId = await start('b/big');
});
afterEach(() => s3.close());

async function start(path: string): Promise<string> {
  const response = await fetch(`${s3.url}/${path}?uploads`, { method: 'POST' });
  return /<UploadId>(.*)<\/UploadId>/.exec(await response.text())?.[1] ?? '';
}

async function part(number: number | string, body: string, headers: Record<string, string> = {}) {
  const url = `${s3.url}/b/big?partNumber=${number}&uploadId=${uploadId}`;
  const response = await fetch(url, { method: 'PUT', body, headers });
  return { status: response.status, etag: response.headers.get('etag') ?? '', text: await response.text() };
}

/** Numbers with etags, or with the text that the part has. */
async function complete(parts: readonly (readonly [number, string])[], headers: Record<string, string> = {}) {
  const rows = parts.map(
    ([number, text]) => `<Part><PartNumber>${number}</PartNumber><ETag>"${md5(text)}"</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${rows.join('')}</CompleteMultipartUpload>`;
  return send('POST', body, headers);
}

async function send(method: string, body: string | undefined, headers: Record<string, string> = {}) {
  const url = `${s3.url}/b/big?uploadId=${uploadId}`;
  const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  return { status: response.status, code: /<Code>(.*)<\/Code>/.exec(text)?.[1] ?? '', text };
}

describe('a multi-part upload', () => {
  test('parts in any order — are invisible until they are completed, then one object with the etag of parts', async () => {
    await part(3, 'c');
    await part(1, 'aaaa');
    await part(2, 'zzzz');
    await part(2, 'bbbb');
    expect(s3.read('b', 'big')).toBeUndefined();
    expect(s3.uploads('b')).toMatchObject([{ uploadId, key: 'big' }]);
    const done = await complete([
      [1, 'aaaa'],
      [2, 'bbbb'],
      [3, 'c'],
    ]);
    const digests = ['aaaa', 'bbbb', 'c'].map((text) => Buffer.from(md5(text), 'hex'));
    const etag = `${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-3`;
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining(`<ETag>&quot;${etag}&quot;`) });
    expect(String(s3.read('b', 'big'))).toBe('aaaabbbbc');
    expect((await fetch(`${s3.url}/b/big`)).headers.get('etag')).toBe(`"${etag}"`);
    expect(s3.uploads('b')).toEqual([]);
  });

  test('parts that are not named — are left out', async () => {
    await part(1, 'aaaa');
    await part(7, 'bbbb');
    expect((await complete([[7, 'bbbb']])).status).toBe(200);
    expect(String(s3.read('b', 'big'))).toBe('bbbb');
  });

  test.each<[string, readonly (readonly [number, string])[], string]>([
    ['a part that nobody sent', [[2, 'bbbb']], 'InvalidPart'],
    ['a part with another etag', [[1, 'bbbb']], 'InvalidPart'],
    [
      'parts in the wrong order',
      [
        [3, 'c'],
        [1, 'aaaa'],
      ],
      'InvalidPartOrder',
    ],
    [
      'a part that is too small and not the last',
      [
        [3, 'c'],
        [4, 'dddd'],
      ],
      'EntityTooSmall',
    ],
    ['no parts', [], 'MalformedXML'],
  ])('%s — is refused, and the upload stays', async (_name, parts, code) => {
    await part(1, 'aaaa');
    await part(3, 'c');
    await part(4, 'dddd');
    expect(await complete(parts)).toMatchObject({ status: 400, code });
    expect(s3.uploads('b')).toHaveLength(1);
  });

  test('the smallest part is 5 MiB, unless the bucket says otherwise', async () => {
    const other = await start('aws/big');
    const rows = [];
    for (const number of [1, 2]) {
      const url = `${s3.url}/aws/big?partNumber=${number}&uploadId=${other}`;
      const { headers } = await fetch(url, { method: 'PUT', body: 'small' });
      rows.push(`<Part><PartNumber>${number}</PartNumber><ETag>${headers.get('etag')}</ETag></Part>`);
    }
    const body = `<CompleteMultipartUpload>${rows.join('')}</CompleteMultipartUpload>`;
    const done = await fetch(`${s3.url}/aws/big?uploadId=${other}`, { method: 'POST', body });
    expect(await done.text()).toContain('<MinSizeAllowed>5242880</MinSizeAllowed>');
  });

  test.each([0, 10_001, 'x'])('part number %s — is refused', async (number) => {
    expect((await part(number, 'aaaa')).status).toBe(400);
  });

  test('a part with a wrong checksum — is refused and not kept', async () => {
    const wrong = { 'content-md5': createHash('md5').update('bbbb').digest('base64') };
    expect(await part(1, 'aaaa', wrong)).toMatchObject({
      status: 400,
      text: expect.stringContaining('BadDigest'),
    });
    expect(await complete([[1, 'aaaa']])).toMatchObject({ code: 'InvalidPart' });
  });

  test('completed only where nothing is — 412, and the upload stays until it is aborted', async () => {
    await part(1, 'aaaa');
    s3.put('b', 'big', 'was first');
    expect(await complete([[1, 'aaaa']], { 'if-none-match': '*' })).toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    });
    expect((await send('DELETE', undefined)).status).toBe(204);
    expect(await send('DELETE', undefined)).toMatchObject({ status: 404, code: 'NoSuchUpload' });
    expect(String(s3.read('b', 'big'))).toBe('was first');
  });

  test('an armed conflict — 409, and the upload is gone', async () => {
    await part(1, 'aaaa');
    s3.fail({ when: ({ method }) => method === 'POST', times: 1, fault: { kind: 'conflict' } });
    expect(await complete([[1, 'aaaa']])).toMatchObject({ status: 409 });
    expect(await complete([[1, 'aaaa']])).toMatchObject({ status: 404, code: 'NoSuchUpload' });
  });

  test('an error after the status was sent — 200 with an error, nothing is completed', async () => {
    await part(1, 'aaaa');
    s3.fail({ when: ({ method }) => method === 'POST', times: 1, fault: { kind: 'late-error' } });
    expect(await complete([[1, 'aaaa']])).toMatchObject({ status: 200, code: 'InternalError' });
    expect(s3.read('b', 'big')).toBeUndefined();
    expect((await complete([[1, 'aaaa']])).status).toBe(200);
  });

  test('parts and completion of no upload, or of another key’s — NoSuchUpload', async () => {
    const rightful = uploadId;
    uploadId = await start('b/other');
    expect(await part(1, 'aaaa')).toMatchObject({
      status: 404,
      text: expect.stringContaining('NoSuchUpload'),
    });
    uploadId = rightful;
    await part(1, 'aaaa');
    await complete([[1, 'aaaa']]);
    expect(await complete([[1, 'aaaa']])).toMatchObject({ status: 404, code: 'NoSuchUpload' });
  });

  test('ListParts — in the order of their numbers', async () => {
    await part(2, 'bbbb');
    await part(1, 'aaaa');
    const { text } = await send('GET', undefined);
    expect(
      [...text.matchAll(/<PartNumber>(\d+)<.*?<ETag>&quot;(\w+)&quot;.*?<Size>(\d+)</g)].map((row) =>
        row.slice(1),
      ),
    ).toEqual([
      ['1', md5('aaaa'), '4'],
      ['2', md5('bbbb'), '4'],
    ]);
  });
});

describe('UploadPartCopy', () => {
  beforeEach(() => void s3.put('b', 'source', '0123456789'));
  test.each<[string, Record<string, string>, number, string]>([
    ['the whole object', {}, 200, '0123456789'],
    ['a range of it', { 'x-amz-copy-source-range': 'bytes=2-5' }, 200, '2345'],
    ['a range beyond its end', { 'x-amz-copy-source-range': 'bytes=5-10' }, 400, ''],
    ['a range without an end', { 'x-amz-copy-source-range': 'bytes=5-' }, 400, ''],
    ['of what has changed', { 'x-amz-copy-source-if-match': '"other"' }, 412, ''],
  ])('%s', async (_name, headers, status, text) => {
    const copied = await part(1, '', { 'x-amz-copy-source': '/b/source', ...headers });
    expect(copied.status).toBe(status);
    if (status !== 200) return;
    expect(copied.text).toContain(md5(text));
    await complete([[1, text]]);
    expect(String(s3.read('b', 'big'))).toBe(text);
  });
});

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
