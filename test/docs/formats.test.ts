import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formats } from '../../src/cli/check/arguments.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'formats.md'), 'utf8');

describe('docs/formats.md', () => {
  test('every format has its row, and every row its format', () => {
    const [table = ''] = /\| format \|[^]*?\n\n/.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name = '']) => name);

    expect(rows.toSorted()).toEqual([...formats].toSorted());
  });
});
