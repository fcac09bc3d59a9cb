import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decision.ts';
import { firstLook, nextLook } from '../../src/domain/looks.ts';
import type { Run } from '../../src/domain/run.ts';
import { statusOf } from '../../src/report/status.ts';
import { statusLine } from '../../src/report/status-line.ts';
import { sampleFinding, sampleRun } from '../support/sample-run.ts';
import { hostile, judgement, judgements } from './judgements.ts';

function judged(name: string, fields: Partial<Run> = {}): Run {
  const one = judgements[name]!;
  return sampleRun({ state: 'judged', judgement: one, decision: decide(one), ...fields });
}

const shown = { url: 'https://g.example', disclose: 'names' } as const;

describe('the line', () => {
  test.each([
    ['passed', '12 outputs, 340 objects proven, 1 pipeline checked'],
    ['nothing', 'nothing to check: no tracked data and no pipeline is concerned'],
    ['failed', '2 errors: data/missing-on-remote and 1 more rule in data.csv.dvc'],
    ['conflict', 'conflict: cannot be merged because of dvc.lock'],
    [
      'undecided',
      'could not decide: s3://team/dvc answered 403 AccessDenied to a HEAD request, which says neither that the ob… (and 1 more)',
    ],
    ['advisory', 'advisory: 1 error: data/missing-on-remote in data.csv.dvc'],
  ])('%s — reads «%s»', (name, line) => {
    expect(statusLine(judged(name))).toBe(line);
  });

  test('running, superseded, cancelled — say so', () => {
    expect(statusLine(sampleRun())).toBe('checking bbbbbbbb as merged into main');
    const subject = { kind: 'branch', host: 'corp', repositoryId: '12', branch: 'main' } as const;
    expect(statusLine(sampleRun({ subject }))).toBe('checking bbbbbbbb, the tip of main');
    expect(statusLine(sampleRun({ subject }), 'counts')).toBe('checking bbbbbbbb, the tip of its branch');
    expect(statusLine(sampleRun({ state: 'superseded' }))).toBe('superseded by a newer commit');
    expect(statusLine(sampleRun({ state: 'cancelled' }))).toBe('cancelled');
  });

  test('waiting for a data push, looks of a day — one text for those of the first hour, then the time of the next', () => {
    const after = [30, 60, 120, 300, 600, 900].map((seconds) => seconds * 1000);
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the configuration; it is a number
    const schedule = { after, then: 3_600_000, until: 86_400_000 };
    let looks = firstLook(new Date('2026-11-22T12:00:00Z'), schedule);
    const lines: string[] = [];
    while (looks.next !== undefined) {
      lines.push(statusLine(judged('failed', { looks })));
      looks = nextLook(looks, new Date(looks.next), schedule);
    }

    const texts = [...new Set(lines)];
    expect(texts[0]).toMatch(/; asks the remote again by itself$/);
    expect(lines.filter((line) => line === texts[0])).toHaveLength(6);
    expect(texts[1]).toMatch(/; asks the remote again at 13:33 UTC$/);
    expect(statusLine(judged('failed', { looks }))).not.toContain('remote again');
  });

  test('the time was over — says that it is judged again, and when', () => {
    const unknown = {
      what: 'check data',
      cause: 'deadline',
      message: 'too long',
      remedy: undefined,
    } as const;
    const late = judgement({ checks: [{ check: 'data', unknowns: [unknown] }] });
    const line = (next: string) =>
      statusLine(
        sampleRun({
          state: 'judged',
          judgement: late,
          decision: decide(late),
          looks: { count: 0, since: '2026-11-22T12:00:00Z', next },
        }),
      );
    expect(line('2026-11-22T12:00:30Z')).toMatch(/^could not decide: too long.*; is judged again by itself$/);
    expect(line('2026-11-22T13:33:00Z')).toMatch(/; is judged again at 13:33 UTC$/);
  });

  test('no judgement after the last try — tells the trouble', () => {
    const run = sampleRun({ state: 'judged', trouble: 'the host was away' });
    expect(statusLine(run)).toBe('could not decide: the host was away');
  });

  test('a public repository — no name of a branch, and no words of the host or of git', () => {
    expect(statusLine(sampleRun(), 'counts')).toBe('checking bbbbbbbb as merged into its target');
    const run = sampleRun({ state: 'judged', trouble: 'cannot fetch refs/heads/secret-plan' });
    expect(statusLine(run, 'counts')).toBe('could not decide: see the details page');
  });

  test('unknowns that the record does not hold — are counted', () => {
    const unknowns = [{ what: 'x', cause: 'unreachable', message: 'away', remedy: undefined } as const];
    const one = judgement({
      checks: [{ check: 'data', verdict: 'undecided', unknowns, omittedUnknowns: 9 }],
    });
    const run = sampleRun({ state: 'judged', judgement: one, decision: decide(one) });
    expect(statusLine(run)).toBe('could not decide: away (and 9 more)');
  });

  test('new-only — errors of the target — are not counted', () => {
    const findings = [sampleFinding({ origin: 'existing' }), sampleFinding({ rule: 'data/schema' })];
    const one = judgement({ mode: 'new-only', checks: [{ check: 'data', findings }] });
    const run = sampleRun({ state: 'judged', judgement: one, decision: decide(one) });
    expect(statusLine(run)).toBe('1 error: data/schema in data.csv.dvc');
  });

  test('histories without a common commit — a finding about no file — is about the change', () => {
    const findings = [sampleFinding({ rule: 'change/conflict', file: '' })];
    const one = judgement({ judged: 'conflict', checks: [{ check: 'change', findings }] });
    const run = sampleRun({ state: 'judged', judgement: one, decision: decide(one) });
    expect(statusLine(run)).toBe('conflict: cannot be merged into the target branch');
  });

  test('errors in several files — none of them is named as if it were the only one', () => {
    const files = ['a.yaml', 'b.yaml', 'b.yaml', 'c.yaml'];
    const rules = ['data/schema', 'data/schema', 'pipeline/cycle', 'pipeline/shape'];
    const findings = files.map((file, index) => sampleFinding({ file, rule: rules[index]! }));
    const line = (count: number) => {
      const one = judgement({ checks: [{ check: 'data', findings: findings.slice(0, count) }] });
      return statusLine(sampleRun({ state: 'judged', judgement: one, decision: decide(one) }));
    };
    expect(line(2)).toBe('2 errors in 2 files: data/schema');
    expect(line(3)).toBe('3 errors in 2 files: data/schema and 1 more rule');
    expect(line(4)).toBe('4 errors in 3 files: data/schema and 2 more rules');
  });

  test('warnings alone — pass, and are mentioned', () => {
    const findings = [sampleFinding({ severity: 'warning' })];
    const one = judgement({ checks: [{ check: 'data', counts: { outputs: 1 }, findings }] });
    expect(statusLine(sampleRun({ state: 'judged', judgement: one, decision: decide(one) }))).toBe(
      '1 output proven; 1 warning to read',
    );
  });

  test.each([
    [
      { metafiles: 1, outputs: 1, outputsProven: 1, objects: 1, objectsProven: 1 },
      '1 metafile, 1 output, 1 object proven',
    ],
    [
      { metafiles: 1, outputs: 1, outputsProven: 0, objects: 1, objectsProven: 0 },
      '1 metafile, 1 output checked, no object proven',
    ],
    [
      { outputs: 2, outputsProven: 1, objects: 340, objectsProven: 339 },
      '2 outputs checked, 339 of 340 objects proven',
    ],
    [{ metafiles: 1, outputs: 0, outputsProven: 0, objects: 0, objectsProven: 0 }, '1 metafile checked'],
  ])(
    'data that is let through although not all of it is there — %j — only what is there is proven',
    (counts, text) => {
      const one = judgement({ checks: [{ check: 'data', counts }] });
      const run = sampleRun({ state: 'judged', judgement: one, decision: decide(one) });
      expect(statusLine(run)).toBe(text);
    },
  );

  test('a hostile file name — is one short line without controls', () => {
    const line = statusLine(judged('hostile'));
    expect(line.length).toBeLessThan(140);
    // eslint-disable-next-line no-control-regex -- controls are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u202e\u200b]/);
    expect(statusLine(sampleRun({ state: 'judged', trouble: hostile }))).not.toContain('\n');
  });
});

describe('the state shown by the host', () => {
  test.each([
    ['passed', 'success'],
    ['nothing', 'success'],
    ['failed', 'failure'],
    ['conflict', 'failure'],
    ['undecided', 'failure'],
    ['advisory', 'success'],
  ])('%s — is a %s', (name, state) => {
    expect(statusOf(judged(name), shown).state).toBe(state);
  });

  test('no decision, waiting, running, superseded — never success', () => {
    const waiting = judged('passed', { decision: { verdict: 'waiting', blocking: true } });
    const states = [sampleRun({ state: 'judged' }), waiting, sampleRun(), sampleRun({ state: 'superseded' })];
    expect(states.map((run) => statusOf(run, shown).state)).toEqual([
      'failure',
      'action-required',
      'running',
      'cancelled',
    ]);
  });
});
