import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { isWithin, placeOf } from '../../src/domain/remote-place.ts';

function within(url: string, bound: string): boolean {
  const place = placeOf(url);
  const border = placeOf(bound);
  return place !== undefined && border !== undefined && isWithin(place, border);
}

describe('a remote within a binding', () => {
  test.each([
    ['s3://team-data/dvc', 's3://team-data/dvc/'],
    ['s3://team-data/dvc/', 's3://team-data/dvc'],
    ['s3://team-data/dvc/sub/deep', 's3://team-data/dvc/'],
    ['S3://team-data/dvc/sub', 's3://team-data/dvc/'],
    ['s3://team-data/anything', 's3://team-data'],
    ['s3://team-data', 's3://team-data/'],
    ['s3://team-data/dvc/with blank+ü', 's3://team-data/dvc/'],
    ['/mnt/dvc', '/mnt/dvc/'],
    ['/mnt/dvc/ml', '/mnt/dvc'],
    ['/mnt/dvc/100%', '/mnt/dvc'],
  ])('%s — bound by %s — is allowed', (url, bound) => {
    expect(within(url, bound)).toBe(true);
  });

  test.each([
    ['a sibling with the same beginning', 's3://team-data/dvc-other'],
    ['a sibling file', 's3://team-data/dvc.bak'],
    ['the parent', 's3://team-data/'],
    ['the bucket alone', 's3://team-data'],
    ['another bucket', 's3://team-data-2/dvc/'],
    ['a bucket in another case', 's3://Team-Data/dvc/'],
    ['a path in another case', 's3://team-data/DVC/x'],
    ['dot dot', 's3://team-data/dvc/../secret'],
    ['dot dot at the end', 's3://team-data/dvc/..'],
    ['dot', 's3://team-data/dvc/./x'],
    ['encoded dot dot', 's3://team-data/dvc/%2e%2e/secret'],
    ['encoded dot dot, mixed', 's3://team-data/dvc/.%2E/secret'],
    ['encoded twice', 's3://team-data/dvc/%252e%252e/secret'],
    ['encoded slash', 's3://team-data/dvc%2f..%2fsecret'],
    ['encoded letter', 's3://team-data/%64vc/x'],
    ['double slash', 's3://team-data//dvc/x'],
    ['double slash inside', 's3://team-data/dvc//x'],
    ['three slashes', 's3:///team-data/dvc'],
    ['backslashes', 's3://team-data/dvc\\..\\secret'],
    ['backslash after the scheme', 's3:\\\\team-data\\dvc'],
    ['one slash after the scheme', 's3:/team-data/dvc'],
    ['userinfo', 's3://key:secret@team-data/dvc/'],
    ['userinfo that looks like the bucket', 's3://team-data@other/dvc/'],
    ['a port', 's3://team-data:443/dvc/'],
    ['query', 's3://team-data/dvc/?versionId=1'],
    ['query in the bucket', 's3://team-data?x/dvc/'],
    ['fragment', 's3://team-data/dvc/#x'],
    ['a line break', 's3://team-data/dvc/\n/x'],
    ['a NUL', 's3://team-data/dvc/\0'],
    ['a blank before', ' s3://team-data/dvc'],
    ['a tab in the scheme', 's3:\t//team-data/dvc'],
    ['another scheme', 'gs://team-data/dvc/'],
    ['a directory of that name', '/team-data/dvc'],
    ['a relative path', 'team-data/dvc'],
    ['look-alike letters', 's3://team-data/dv\u0441/'],
    ['an invisible letter', 's3://team-data/dvc\u200b/../'],
    ['wide solidus', 's3://team-data/dvc\uff0f..\uff0fsecret/..'],
    ['half a surrogate', 's3://team-data/dvc/\ud800'],
    ['nothing', ''],
  ])('%s: %j — bound by s3://team-data/dvc/ — is refused', (_name, url) => {
    expect(within(url, 's3://team-data/dvc/')).toBe(false);
  });

  test.each([
    '/mnt/dvc/../etc',
    '/mnt/dvc-other',
    '/mnt',
    '//mnt/dvc',
    '/mnt//dvc',
    '/mnt/./dvc',
    'mnt/dvc',
    '~/dvc',
    'file:///mnt/dvc',
    '/mnt/dvc\\..',
  ])('directory %j — bound by /mnt/dvc — is refused', (url) => {
    expect(within(url, '/mnt/dvc')).toBe(false);
  });

  test('any url — that is allowed — starts with the binding as text, too', () => {
    const part = fc.constantFrom(
      'team-data',
      'dvc',
      'dvc-other',
      '..',
      '.',
      '',
      '%2e%2e',
      '/',
      '\\',
      '@',
      '?',
      '#',
      'x',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.constantFrom('s3://', 'S3://', '/', ''),
        (parts, start) => {
          const url = start + parts.join('/');
          if (!within(url, 's3://team-data/dvc')) return;
          expect(`${url.toLowerCase()}/`).toMatch(/^s3:\/\/team-data\/dvc\//);
          expect(url).not.toMatch(/\.\.|%|\\|\?|#/);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
