import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { plainEtag, readError, readListPage } from '../../../../src/adapters/object-store/s3/answers.ts';

function listing(inside: string): string {
  return `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</ListBucketResult>`;
}
const row = (key: string, size = '1') => `<Contents><Key>${key}</Key><Size>${size}</Size></Contents>`;

describe('readListPage', () => {
  test('a page — with owner, comment and blanks — has its rows and the next token', () => {
    const page = readListPage(
      listing(`
        <!-- comment --><IsTruncated>true</IsTruncated><NextContinuationToken>1/a+b=</NextContinuationToken>
        <Contents><Key>a&amp;b</Key><ETag>&quot;00ff&quot;</ETag><Size>12</Size>
          <Owner><ID>someone</ID><Key>not the key</Key></Owner><Checksum/></Contents>
        <CommonPrefixes><Prefix>x/</Prefix></CommonPrefixes>`),
    );
    expect(page).toEqual({ objects: [{ key: 'a&b', size: 12, etag: '00ff' }], next: '1/a+b=' });
  });

  test('keys — percent-encoded where the answer says so — are decoded, + as blank', () => {
    const inside = row('a+b%2Bc%25%C3%A4');
    expect(
      readListPage(listing(`<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>${inside}`))
        ?.objects[0]?.key,
    ).toBe('a b+c%ä');
    expect(readListPage(listing(`<IsTruncated>false</IsTruncated>${inside}`))?.objects[0]?.key).toBe(
      'a+b%2Bc%25%C3%A4',
    );
  });

  test('entities — decimal, hexadecimal, beyond Unicode, unknown — are decoded or kept', () => {
    const page = readListPage(
      listing(`<IsTruncated>false</IsTruncated>${row('&#65;&#x42;&#x1F600;&#x110000;&lt;&nbsp;&amp;lt;')}`),
    );
    expect(page?.objects[0]?.key).toBe('AB😀&#x110000;<&nbsp;&lt;');
  });

  test('an empty bucket — has no rows', () => {
    expect(readListPage(listing('<Name>b</Name>'))).toEqual({ objects: [], next: undefined });
  });

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['another document', '<Error><Code>X</Code></Error>'],
    [
      'a document type with entities',
      '<!DOCTYPE l [<!ENTITY a "aaaa">]><ListBucketResult>&a;</ListBucketResult>',
    ],
    ['a cut answer', listing(row('a')).slice(0, -10)],
    ['crossed elements', '<ListBucketResult><A></ListBucketResult></A>'],
    ['deep nesting', '<a>'.repeat(100_000)],
    ['truncated without a token', listing('<IsTruncated>true</IsTruncated>')],
    ['a size that is none', listing(row('a', '-1'))],
    ['a size beyond numbers', listing(row('a', '9'.repeat(30)))],
    ['a row without a key', listing('<Contents><Size>1</Size></Contents>')],
    ['a broken escape', listing(`<EncodingType>url</EncodingType>${row('%E4')}`)],
    ['never-ending comment', `<ListBucketResult><!-- ${'<!-- '.repeat(50_000)}`],
  ])('%s — is no page', (_name, xml) => {
    expect(readListPage(xml)).toBeUndefined();
  });

  test('a page of 8 MB in one text — is read in seconds, not minutes', () => {
    const xml = listing(`<IsTruncated>false</IsTruncated>${row('&amp;'.repeat(1_600_000))}`);
    const before = performance.now();
    expect(readListPage(xml)?.objects[0]?.key).toHaveLength(1_600_000);
    expect(performance.now() - before).toBeLessThan(8000);
  });

  test('any text — never throws, and a code that is read is a word', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.string(), (one, other) => {
        const found = readListPage(listing(`<IsTruncated>false</IsTruncated>${one}${row(other)}`));
        expect(found?.objects.every(({ key, size }) => key !== '' && size >= 0) ?? true).toBe(true);
        const error = readError(`<Error><Code>${one}</Code></Error>${other}`);
        expect(error?.code ?? 'none').toMatch(/^[A-Za-z0-9.]+$/);
      }),
    );
  });
});

test.each([
  ['<Error><Code>NoSuchKey</Code></Error>', { code: 'NoSuchKey', region: undefined }],
  [
    '<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>',
    { code: 'AuthorizationHeaderMalformed', region: 'eu-west-1' },
  ],
  ['<Error><Code>two words\nand a line</Code></Error>', undefined],
  ['<Error><Message>no code</Message></Error>', undefined],
  ['<html><Code>NoSuchKey</Code></html>', undefined],
  ['', undefined],
])('error answer %j — is read as %j', (xml, error) => {
  expect(readError(xml)).toEqual(error);
});

test.each([
  ['"abc-2"', 'abc-2'],
  ['abc', 'abc'],
  ['W/"abc"', 'abc'],
  ['""', undefined],
  [undefined, undefined],
])('etag %j — plainly — is %j', (etag, plain) => {
  expect(plainEtag(etag)).toBe(plain);
});
