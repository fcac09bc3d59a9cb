import { describe, expect, test } from 'vitest';
import { toWords } from '../../../src/adapters/gitlab/status-words.ts';
import type { Status } from '../../../src/ports/host.ts';

const url = 'https://modelgate.example.com/runs/1';

function words(changes: Partial<Status>) {
  return toWords({ state: 'success', description: 'passed', url, ...changes });
}

describe('a status in the words of GitLab', () => {
  test.each<[Status['state'], string]>([
    ['running', 'running'],
    ['success', 'success'],
    ['failure', 'failed'],
    ['action-required', 'failed'],
    ['cancelled', 'canceled'],
  ])('%s — is called %s', (state, expected) => {
    expect(words({ state }).state).toBe(expected);
  });

  test('a description — of 255 characters, whatever their code units — is kept', () => {
    expect(words({ description: '😀'.repeat(255) }).description).toBe('😀'.repeat(255));
  });

  test('a longer description — is cut between characters, and says so', () => {
    const { description } = words({ description: '😀'.repeat(300) });

    expect(description).toBe(`${'😀'.repeat(254)}…`);
  });

  test('a description of several lines — becomes one', () => {
    expect(words({ description: ' failed\n\n2 findings\t' }).description).toBe('failed 2 findings');
  });

  test('an address — kept to 255 characters, left out beyond', () => {
    const longest = `https://modelgate.example.com/${'x'.repeat(225)}`;

    expect(words({ url: longest }).targetUrl).toBe(longest);
    expect(words({ url: `${longest}x` }).targetUrl).toBeUndefined();
  });
});
