import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../src/domain/glob.ts';

describe('matchesGlob', () => {
  test.each<[glob: string, path: string, matches: boolean]>([
    ['a.yaml', 'a.yaml', true],
    ['a.yaml', 'b/a.yaml', false],
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'b/a.yaml', false],
    ['pipelines/*.yaml', 'pipelines/a.yaml', true],
    ['pipelines/*.yaml', 'pipelines/old/a.yaml', false],
    ['pipelines/**', 'pipelines/old/a.yaml', true],
    ['pipelines/**', 'pipelines', true],
    ['pipelines/**/*.yaml', 'pipelines/a.yaml', true],
    ['pipelines/**/*.yaml', 'pipelines/x/y/a.yaml', true],
    ['**/*.dvc', 'data.dvc', true],
    ['**/*.dvc', 'a/b/data.dvc', true],
    ['**/train/**', 'a/train/b', true],
    ['**/a/**/b/**/c', 'a/x/b/y/b/c', true],
    ['**/a/**/b/**/c', 'a/x/y/c', false],
    ['a?.yaml', 'ab.yaml', true],
    ['a?.yaml', 'a/.yaml', false],
    ['*.{yaml,yml}', 'a.yml', true],
    ['{a,b/**}/c', 'b/x/c', true],
    ['{a,{b,c}}.yaml', 'c.yaml', true],
    ['{a}.yaml', '{a}.yaml', true],
    ['a.{}', 'a.{}', true],
    ['.github/*', '.github/x', true],
    ['*', '.hidden', true],
    ['a+b[1].yaml', 'a+b[1].yaml', true],
    ['a.yaml', 'axyaml', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['', 'a', false],
    ['é*', 'éa', true],
  ])('%s — %s — %s', (glob, path, matches) => {
    expect(matchesGlob(path, glob)).toBe(matches);
  });

  test('globs made to be slow — answered at once', () => {
    const start = performance.now();
    matchesGlob('a'.repeat(5000), `${'*a'.repeat(500)}b`);
    matchesGlob('a/'.repeat(2000), `${'**/a/'.repeat(200)}b`);
    matchesGlob('x', '{a,b}'.repeat(40));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
