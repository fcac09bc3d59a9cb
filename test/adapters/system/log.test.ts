import { describe, expect, test } from 'vitest';
import { createLog, type LogOptions } from '../../../src/adapters/system/log.ts';
import { createSecretRegistry } from '../../../src/adapters/system/secret-registry.ts';

function captured(options: Partial<LogOptions> = {}): {
  lines: string[];
  runs: [string, string][];
  log: ReturnType<typeof createLog>;
  add: (secret: string) => void;
} {
  const lines: string[] = [];
  const runs: [string, string][] = [];
  const secrets = createSecretRegistry();
  const log = createLog({
    level: 'info',
    secrets,
    write: (line) => lines.push(line),
    onRunLine: (run, line) => runs.push([run, line]),
    ...options,
  });
  return { lines, runs, log, add: (secret) => void secrets.add(secret) };
}

describe('log', () => {
  test('a line — one JSON object with level, time, fields and message', () => {
    const { lines, log } = captured();

    log.child({ host: 'corp' }).info({ objects: 3 }, 'objects were asked for');

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\n$/);
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      host: 'corp',
      objects: 3,
      msg: 'objects were asked for',
    });
  });

  test('lines below the level — not written', () => {
    const { lines, log } = captured({ level: 'warn' });

    log.info({}, 'quiet');
    log.error({}, 'loud');

    expect(lines).toHaveLength(1);
  });

  test('a line of a run — goes to the run log as well, redacted, without line break', () => {
    const { lines, runs, log, add } = captured();
    add('hunter2-token');

    log.child({ run: 'r1' }).info({ url: 'https://x/hunter2-token' }, 'asked');
    log.info({ nested: { run: 'no' } }, 'not of a run');

    expect(runs).toEqual([['r1', lines[0]!.trimEnd()]]);
    expect(lines.join('')).not.toContain('hunter2-token');
    expect(JSON.parse(runs[0]![1])).toMatchObject({ run: 'r1', url: 'https://x/***' });
  });

  test('an error with a secret in message, stack, cause and fields — redacted everywhere', () => {
    const { lines, log, add } = captured();
    add('hunter2-token');
    const cause = Object.assign(new Error('inner hunter2-token'), {
      headers: { 'private-token': 'hunter2-token' },
    });

    log.error({ err: new Error('outer hunter2-token', { cause }), bytes: [1, 'hunter2-token'] }, 'failed');

    expect(lines.join('')).not.toContain('hunter2-token');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', err: { type: 'Error' } });
  });

  test('a secret that is a number or a key — redacted, and the line stays JSON', () => {
    const { lines, log, add } = captured();
    add('1234567890');

    log.info({ pin: 1_234_567_890, '1234567890': true }, 'numbers');

    expect(JSON.parse(lines[0]!)).toMatchObject({ pin: '***', '***': true });
  });

  test('a line that no masking can clear — withheld', () => {
    const { lines, log, add } = captured();
    add('","host":"');

    log.info({ run: 'r', host: 'corp' }, 'asked');

    expect(JSON.parse(lines[0]!)).toEqual({ level: 'warn', msg: 'a line was withheld: it held a secret' });
  });
});
