import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../src/adapters/github/normalise.ts';
import { tokenPermissions } from '../../src/adapters/github/tokens.ts';
import { appPermissions } from '../adapters/github/github-world.ts';

const page = readFileSync(new URL('../../docs/github.md', import.meta.url), 'utf8');

/** The first two cells of the rows of the table whose heading begins with a word. */
function rowsOf(heading: string): readonly (readonly [string, string])[] {
  const table = page.slice(page.indexOf(`| ${heading} |`)).split(/\n\s*\n/, 1)[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, first = '', second = '']) => [first, second] as const);
}

/** What GitHub wants before it sends an event; no request needs them. */
const forEvents = { issues: 'read', merge_queues: 'read' } as const;

describe('docs/github.md', () => {
  test('its permissions — are those that tokens and events need, and no more', () => {
    const needed = new Map<string, string>(Object.entries(forEvents));
    for (const permissions of Object.values(tokenPermissions)) {
      for (const [name, access] of Object.entries(permissions))
        if (needed.get(name) !== 'write') needed.set(name, access);
    }

    expect(new Map(rowsOf('permission'))).toEqual(needed);
  });

  test('its permissions — are those that the adapter is tested with', () => {
    expect(Object.fromEntries(rowsOf('permission'))).toEqual(appPermissions);
  });

  test('its events — are all that the receiver listens to', () => {
    const audience = { id: 'hub', repositories: () => true };
    const names = rowsOf('event').map(([name]) => name);
    const unheard = names.filter((name) => normalise(name, {}, audience).kind !== 'malformed');

    expect(names.toSorted()).toEqual(
      ['check_run', 'check_suite', 'issue_comment', 'merge_group', 'pull_request', 'push'].toSorted(),
    );
    expect(unheard).toEqual([]);
  });
});
