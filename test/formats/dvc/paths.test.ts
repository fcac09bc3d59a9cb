import { describe, expect, test } from 'vitest';
import { objectKey, versionedKey } from '../../../src/formats/dvc/layout.ts';
import { resolveOutput } from '../../../src/formats/dvc/output-path.ts';
import { findRoots, metafileKind, rootOf } from '../../../src/formats/dvc/roots.ts';

const hex = 'a71dc1a634d52f0882095bd8ce0acb0c';

test.each([
  ['files/md5', hex, 'files/md5/a7/1dc1a634d52f0882095bd8ce0acb0c'],
  ['files/md5', `${hex}.dir`, 'files/md5/a7/1dc1a634d52f0882095bd8ce0acb0c.dir'],
  ['legacy', hex, 'a7/1dc1a634d52f0882095bd8ce0acb0c'],
  ['legacy', `${hex}.dir`, 'a7/1dc1a634d52f0882095bd8ce0acb0c.dir'],
] as const)('%s %s — has the key %s', (layout, hash, key) => {
  expect(objectKey(layout, hash)).toBe(key);
});

test('a versioned key — is the path below the DVC root', () => {
  expect(versionedKey('', 'data/x.csv')).toBe('data/x.csv');
  expect(versionedKey('sub', 'sub/data', 'a/b')).toBe('data/a/b');
});

test.each([
  ['data.csv.dvc', 'dvc'],
  ['a/b.dvc', 'dvc'],
  ['.dvc/config', 'config'],
  ['sub/.dvc/config', 'config'],
  ['.dvc/tmp/x.dvc', undefined],
  ['.dvc', undefined],
  ['a/.dvc', undefined],
  ['dvc.yaml', 'pipeline'],
  ['a/dvc.lock', 'lock'],
  ['dvc.yml', undefined],
  ['Dvcfile', undefined],
  ['my.dvc.yaml', undefined],
] as const)('%s — is %s', (path, kind) => {
  expect(metafileKind(path)).toBe(kind);
});

test('roots — nearest directory with a tracked .dvc/', () => {
  const roots = findRoots(['.dvc/.gitignore', 'sub/.dvc/config', 'sub/x/y.dvc', 'a.dvc']);

  expect([...roots]).toEqual(['', 'sub']);
  expect(rootOf('sub/x/y.dvc', roots)).toBe('sub');
  expect(rootOf('other/y.dvc', roots)).toBe('');
  expect(rootOf('other/y.dvc', new Set(['sub']))).toBeUndefined();
});

describe('paths of outputs', () => {
  const base = { directory: 'a/b', wdir: undefined, root: '' };

  test.each([
    ['./x', base, { kind: 'inside', path: 'a/b/x' }],
    ['x/', base, { kind: 'inside', path: 'a/b/x' }],
    ['../../x', base, { kind: 'inside', path: 'x' }],
    ['../../../x', base, { kind: 'escapes' }],
    ['../..', base, { kind: 'escapes' }],
    ['/x', base, { kind: 'escapes' }],
    ['x', { ...base, wdir: '../../..' }, { kind: 'escapes' }],
    ['x', { ...base, wdir: '/srv' }, { kind: 'escapes' }],
    ['../x', { ...base, root: 'a/b' }, { kind: 'escapes' }],
    ['s3://b/x', base, { kind: 'external' }],
    ['remote://r/x', base, { kind: 'external' }],
  ])('%s', (path, from, expected) => {
    expect(resolveOutput(path, from)).toEqual(expected);
  });
});
