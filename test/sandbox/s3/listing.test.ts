import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

let s3: S3Sandbox;
const odd = ['d/a b.txt', 'd/a&b<c>.txt', 'd/ü+(3)*.txt', 'd/\u0001'];
// In UTF-16 order the emoji would come first: its surrogates are below U+FF5E.
const byBytes = ['u/\uff5e', 'u/\u{1f600}'];

beforeAll(async () => {
  const buckets = {
    many: { versioned: true },
    odd: { versioned: false },
    shy: { versioned: false, canList: false },
  };
  s3 = await createS3Sandbox({ buckets });
  for (let index = 0; index < 2_500; index += 1)
    s3.put('many', `files/md5/${index.toString().padStart(4, '0')}`, 'x');
  s3.put('many', 'other', 'x');
  s3.remove('many', 'files/md5/0001');
  for (const key of [...odd, ...byBytes].reverse()) s3.put('odd', key, 'x');
});
afterAll(() => s3.close());

interface Page {
  readonly keys: readonly string[];
  readonly truncated: boolean;
  readonly next: string | undefined;
}

async function list(bucket: string, query: Readonly<Record<string, string>>): Promise<Page> {
  const search = new URLSearchParams({ 'list-type': '2', ...query });
  const response = await fetch(`${s3.url}/${bucket}?${search.toString()}`);
  expect(response.status).toBe(200);
  const xml = await response.text();
  const keys = [...xml.matchAll(/<Key>(.*?)<\/Key>/gs)].map((found) => found[1] ?? '');
  expect(xml).toContain(`<KeyCount>${keys.length}</KeyCount>`);
  const next = /<NextContinuationToken>(.*)<\/NextContinuationToken>/.exec(xml)?.[1];
  return { keys, truncated: xml.includes('<IsTruncated>true'), next };
}

describe('ListObjectsV2', () => {
  test('pages of 1000 at most, without deleted keys, until the prefix ends', async () => {
    const sizes: number[] = [];
    const all: string[] = [];
    let token: string | undefined;
    do {
      const query = token === undefined ? {} : { 'continuation-token': token };
      const page = await list('many', { prefix: 'files/', 'max-keys': '5000', ...query });
      sizes.push(page.keys.length);
      all.push(...page.keys);
      expect(page.truncated).toBe(page.next !== undefined);
      token = page.next;
    } while (token !== undefined);
    expect(sizes).toEqual([1000, 1000, 499]);
    expect([new Set(all).size, all.includes('files/md5/0001'), all.includes('other')]).toEqual([
      2_499,
      false,
      false,
    ]);
  });

  test.each([
    [{ 'start-after': 'files/md5/2498' }, ['files/md5/2499', 'other']],
    [{ 'start-after': 'files/md5/24985', prefix: 'files' }, ['files/md5/2499']],
    [{ 'start-after': 'a', prefix: 'oth' }, ['other']],
    [{ prefix: 'files/md5/0000', 'max-keys': '1' }, ['files/md5/0000']],
    [{ prefix: 'nothing' }, []],
    [{ 'max-keys': '0' }, []],
  ])('%o', async (query, expected) => {
    expect((await list('many', query as Record<string, string>)).keys).toEqual(expected);
  });

  test('an exactly full last page is not truncated', async () => {
    expect(await list('many', { prefix: 'other', 'max-keys': '1' })).toEqual({
      keys: ['other'],
      truncated: false,
      next: undefined,
    });
  });

  test('keys come in the order of their bytes, escaped for XML', async () => {
    expect((await list('odd', { prefix: 'u/' })).keys).toEqual(byBytes);
    expect((await list('odd', { prefix: 'd/a' })).keys).toEqual(['d/a b.txt', 'd/a&amp;b&lt;c&gt;.txt']);
  });

  test('encoding-type=url encodes as forms do', async () => {
    const { keys } = await list('odd', { prefix: 'd/', 'encoding-type': 'url' });
    expect(keys).toEqual(['d/%01', 'd/a+b.txt', 'd/a%26b%3Cc%3E.txt', 'd/%C3%BC%2B%283%29*.txt']);
    expect(keys.map((key) => decodeURIComponent(key.replaceAll('+', ' '))).toSorted()).toEqual(
      odd.toSorted(),
    );
  });

  test('a delimiter folds what is below it', async () => {
    const response = await fetch(`${s3.url}/many?list-type=2&delimiter=/`);
    const xml = await response.text();
    expect(xml).toContain('<CommonPrefixes><Prefix>files/</Prefix></CommonPrefixes>');
    expect(xml).toContain('<Key>other</Key>');
    expect(xml.match(/CommonPrefixes>/g)).toHaveLength(2);
  });

  test.each([
    ['many?list-type=2&max-keys=x', 400, 'InvalidArgument'],
    ['many?list-type=2&max-keys=-1', 400, 'InvalidArgument'],
    ['many?list-type=2&encoding-type=base64', 400, 'InvalidArgument'],
    ['many?list-type=2&continuation-token=made-up', 400, 'InvalidArgument'],
    ['shy?list-type=2', 403, 'AccessDenied'],
    ['nowhere?list-type=2', 404, 'NoSuchBucket'],
    ['many', 501, 'NotImplemented'],
  ])('%s: %i', async (path, status, code) => {
    const response = await fetch(`${s3.url}/${path}`);
    expect([response.status, await response.text()]).toEqual([
      status,
      expect.stringContaining(`<Code>${code}</Code>`),
    ]);
  });
});
