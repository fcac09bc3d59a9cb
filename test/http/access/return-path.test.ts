import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { returnPath } from '../../../src/http/access/return-path.ts';

describe('where to go on after signing in', () => {
  test.each([
    ['/', '/'],
    ['/runs/abc', '/runs/abc'],
    ['/runs/abc?show=log&to=//x', '/runs/abc?show=log&to=//x'],
    ['/changes/corp/12/7', '/changes/corp/12/7'],
    ['/runs/../changes', '/changes'],
    ['/runs/a%2Fb', '/runs/a%2Fb'],
  ])('%s — a page of ours — is %s', (wanted, path) => {
    expect(returnPath(wanted)).toBe(path);
  });

  test.each([
    undefined,
    7,
    '',
    'runs',
    '//evil.example.com',
    '///evil.example.com',
    '/\\evil.example.com',
    '/runs\\..\\..\\evil.example.com',
    '/.//evil.example.com',
    '/runs/..//evil.example.com',
    '/%2e//evil.example.com',
    'https://evil.example.com',
    'javascript:alert(1)',
    '/\t/evil.example.com',
    '/ /evil.example.com',
    '/runs\r\nset-cookie: a=b',
    '/ünicode',
    '/sign-in',
    '/sign-in/corp?to=/',
    '/sign-out',
    `/${'a'.repeat(600)}`,
  ])('%j — elsewhere, unclear or pointless — is the list', (wanted) => {
    expect(returnPath(wanted)).toBe('/');
  });

  test('any text — stays on this site, whatever browsers make of it', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2e',
      '%2f',
      '//',
      'evil.example.com',
      '@',
      ':',
      '?',
      '#',
      '\t',
      'a',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(parts, { maxLength: 8 }).map((all) => `/${all.join('')}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const path = returnPath(text);
        expect(path).toMatch(/^\/(?![/\\])/);
        expect(new URL(path, 'https://modelgate.example.com').host).toBe('modelgate.example.com');
      }),
      { numRuns: 2000 },
    );
  });
});
