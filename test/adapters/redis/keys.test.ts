import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createKeys, keyTable, rowOfKey } from '../../../src/adapters/redis/keys.ts';
import type { KeyRow } from '../../../src/adapters/redis/keys.ts';
import { sampleSubject } from '../../support/sample-run.ts';

const prefix = 'gate.test';
const keys = createKeys(prefix);
const line = { host: 'corp', repositoryId: '12', environment: 'prod' };

describe('key names', () => {
  test.each<[string, KeyRow]>([
    [keys.subject(sampleSubject), keyTable.subject],
    [keys.heads(sampleSubject), keyTable.heads],
    [keys.run('abc'), keyTable.run],
    [keys.runs, keyTable.runs],
    [keys.subjectRuns(sampleSubject), keyTable.subjectRuns],
    [keys.summary('abc'), keyTable.summary],
    [keys.release('abc'), keyTable.release],
    [keys.releases, keyTable.releases],
    [keys.lineReleases(line), keyTable.lineReleases],
    [keys.line(line), keyTable.line],
    [keys.lines, keyTable.lines],
    [keys.delivery('corp/1234'), keyTable.delivery],
    [keys.delivery(`corp/${'x:'.repeat(500)}`), keyTable.delivery],
    [keys.log('abc'), keyTable.log],
    [keys.session('0'.repeat(64)), keyTable.session],
    [keys.wakeUps, keyTable.wakeUps],
    [keys.wakeUpJobs, keyTable.wakeUpJobs],
    [keys.worker('host-1'), keyTable.worker],
    [keys.workers, keyTable.workers],
    [keys.pause, keyTable.pause],
    [keys.failed, keyTable.failed],
    [keys.failedJobs, keyTable.failedJobs],
    [keys.audit, keyTable.audit],
    [`${keys.queuePrefix}:gate:wait`, keyTable.queue],
    [`${keys.queuePrefix}:gate:de:gate-change/corp/12/7`, keyTable.queue],
  ])('%s — made by keys.ts — belongs to its row', (key, row) => {
    expect(rowOfKey(prefix, key)).toBe(row);
  });

  test.each(['other:run:abc', `${prefix}:run`, `${prefix}:stray`, `${prefix}:run:a:b`, 'gateXtest:runs'])(
    '%s — in no row — is a stranger',
    (key) => {
      expect(rowOfKey(prefix, key)).toBeUndefined();
    },
  );

  test('delivery ids — long or strange — take a bounded key', () => {
    expect(keys.delivery('corp/f5e5f430-f57b-4e6e-9fac-d9128cd7232f')).toContain('corp/f5e5f430');
    expect(keys.delivery('x'.repeat(10_000)).length).toBeLessThan(100);
    expect(keys.delivery('a\nb')).not.toBe(keys.delivery('a\tb'));
  });
});

test('docs/state.md — its table — has the rows of keys.ts, in their order', async () => {
  const page = await readFile(new URL('../../../docs/state.md', import.meta.url), 'utf8');
  const documented = page
    .split('\n')
    .filter((line) => line.startsWith('| `<prefix>'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 6)
        .map((cell) => cell.trim()),
    );

  const expected = Object.values<KeyRow>(keyTable).map((row) => [
    `\`${row.pattern}\``,
    row.type,
    `\`${row.owner}\``,
    row.version === undefined ? '–' : String(row.version),
    kept(row.ttlMs),
  ]);

  expect(documented).toEqual(expected);
});

function kept(ttlMs: number | undefined): string {
  if (ttlMs === undefined) return 'until done';
  const days = ttlMs / 86_400_000;
  if (days >= 1) return `${days} days`;
  const hours = ttlMs / 3_600_000;
  return hours >= 1 ? `${hours} hours` : `${ttlMs / 1000} seconds`;
}
