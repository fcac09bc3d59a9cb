import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { listingText, parseDirListing, readDirListing } from '../../../src/formats/dvc/dir-listing.ts';
import { toHash } from '../../../src/formats/dvc/layout.ts';

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function read(text: string): ReturnType<typeof readDirListing> {
  const name = toHash(`${md5(text)}.dir`, 'files/md5');
  if (name === undefined) throw new Error('no hash');
  return readDirListing(Buffer.from(text), name);
}

describe('the text of a listing — vectors of specs dvc 2.8 — has the hash that DVC gives', () => {
  test.each([
    [{ '1': '1\n', 'sub/2': '2\n' }, '9c2d61806e7702c9d1407c00adc22efd'],
    [{ 'data/a.csv': 'a\n', 'data-b/x': 'b\n', 'data.c': 'c\n' }, '51880dfd6004569834c105199dfc27b6'],
    [{}, 'd751713988987e9331980363e24189ce'],
  ])('%j', (files, expected) => {
    expect(
      md5(listingText(Object.entries(files).map(([relpath, text]) => ({ relpath, md5: md5(text) })))),
    ).toBe(expected);
  });

  test('names of all kinds — sorted by code point, escaped as Python does', () => {
    const hashes = {
      '1': 'b026324c6904b2a9cb4b88d6d61c81d1',
      'B.txt': 'c157a79031e1c40f85931829bc5fc552',
      'a.txt': 'd3b07384d113edec49eaa6238ad5ff00',
      'données/é.csv': '043212bb9834e334677e9c9659294bd4',
      'q"uote\\.txt': 'c3be117041a113540deb0ff532b19543',
      'sub/2': '26ab0db90d72e28ad0ba1e22ee510510',
      'tab\t.txt': 'b7269fa2508548e4032c455818f1e321',
      'z\uffee.txt': '637a8fe4173dbc5164f07dddd3f032f1',
      'z😀.txt': '591074c5b5863df9ad836a7aeeb2a3c0',
    };
    const text = listingText(Object.entries(hashes).map(([relpath, md5]) => ({ relpath, md5 })));

    expect(md5(text)).toBe('f725704a71c1ac7f822e68ab45afd95d');
    expect(read(text)).toMatchObject({ kind: 'listing' });
  });
});

const hex = 'b026324c6904b2a9cb4b88d6d61c81d1';

describe('a listing — that cannot be trusted — is broken, and the reason says why', () => {
  test.each([
    ['not json', 'JSON'],
    ['{}', 'list'],
    ['[1]', 'md5'],
    ['[{"relpath": "a"}]', 'md5'],
    [`[{"md5": "${hex}"}]`, 'relpath'],
    [`[{"md5": "${hex.toUpperCase()}", "relpath": "a"}]`, 'md5'],
    [`[{"md5": "${hex}", "relpath": "../a"}]`, 'leaves'],
    [`[{"md5": "${hex}", "relpath": "a/../../b"}]`, 'leaves'],
    [`[{"md5": "${hex}", "relpath": "a\\\\..\\\\b"}]`, 'leaves'],
    [`[{"md5": "${hex}", "relpath": "/a"}]`, 'leaves'],
    [`[{"md5": "${hex}", "relpath": ""}]`, 'leaves'],
    [`[{"md5": "${hex}", "relpath": "a"}, {"md5": "${hex}", "relpath": "a"}]`, 'twice'],
    [
      `[{"md5": "${hex}", "relpath": "b"}, {"md5": "${hex}", "relpath": "a"}, {"md5": "${hex}", "relpath": "b"}]`,
      'twice',
    ],
  ])('%j', (text, reason) => {
    const result = read(text);

    expect(result.kind).toBe('broken');
    expect(result.kind === 'broken' ? result.reason : '').toContain(reason);
  });

  test('content that is not what the name says', () => {
    const name = toHash(`${hex}.dir`, 'files/md5');

    expect(name && readDirListing(Buffer.from('[]'), name)).toMatchObject({ kind: 'broken' });
  });

  test('bytes that are not UTF-8', () => {
    expect(parseDirListing(Buffer.from([0x5b, 0xff, 0x5d]))).toMatchObject({ kind: 'broken' });
  });
});

test('a listing — names with dots, keys beyond the two — is read', () => {
  const text = `[{"md5": "${hex}", "relpath": "a..b/.hidden", "extra": 1}]`;

  expect(read(text)).toEqual({ kind: 'listing', listing: { hashes: [hex], paths: ['a..b/.hidden'] } });
});

test('a listing of 100,000 files — is read in well under two seconds', () => {
  const files = Array.from({ length: 100_000 }, (_, index) => ({
    md5: md5(String(index)),
    relpath: `img/${index}.png`,
  }));
  const bytes = Buffer.from(listingText(files));
  const name = toHash(`${createHash('md5').update(bytes).digest('hex')}.dir`, 'files/md5');
  const started = performance.now();
  const result = name && readDirListing(bytes, name);

  expect(result?.kind).toBe('listing');
  expect(performance.now() - started).toBeLessThan(2000);
});
