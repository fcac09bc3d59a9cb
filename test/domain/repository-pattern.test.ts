import { describe, expect, test } from 'vitest';
import { repositoryMatcher, repositoryPatternForm } from '../../src/domain/repository-pattern.ts';

describe('repository pattern', () => {
  test.each([
    ['ml/*', 'ml/auto-mpg', true],
    ['ml/*', 'ml/team/auto-mpg', false],
    ['ml/*', 'mlx/auto-mpg', false],
    ['ml/*', 'ml', false],
    ['ml/**', 'ml/team/auto-mpg', true],
    ['**', 'any/thing', true],
    ['*/auto-*', 'ml/auto-mpg', true],
    ['ML/Auto-MPG', 'ml/auto-mpg', true],
    ['ml/a.b', 'ml/axb', false],
    ['ml/auto-mpg', 'ml/auto-mpg/x', false],
    ['ml/auto-mpg', 'x/ml/auto-mpg', false],
  ])('%s — %s — %s', (pattern, path, expected) => {
    expect(repositoryMatcher([pattern])(path)).toBe(expected);
  });

  test('several patterns — one is enough, none is none', () => {
    expect(repositoryMatcher(['a/*', 'b/*'])('b/c')).toBe(true);
    expect(repositoryMatcher([])('b/c')).toBe(false);
  });

  test.each(['/ml/*', 'ml/', 'ml//x', '', 'ml/$(x)', 'a b'])('%j — no pattern', (pattern) => {
    expect(repositoryPatternForm.test(pattern)).toBe(false);
  });
});
