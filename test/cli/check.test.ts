import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCheck } from '../../src/cli/check.ts';
import { formats } from '../../src/cli/check/arguments.ts';
import type { CheckIo } from '../../src/cli/check.ts';
import type { JudgeWorkingCopy } from '../../src/cli/check/judge-working-copy.ts';
import type { CheckRequest } from '../../src/compose/local.ts';
import { RetryableError, UserError } from '../../src/errors.ts';
import { judgements, now, reportOf } from '../report/judgements.ts';

function terminal(more: Partial<CheckIo> = {}) {
  const shown = { stdout: '', stderr: '' };
  const io: CheckIo = {
    cwd: '/work',
    env: {},
    stdout: { write: (text) => void (shown.stdout += text) },
    stderr: { write: (text) => void (shown.stderr += text) },
    isTty: { stdout: false, stderr: false },
    columns: 100,
    now,
    signal: new AbortController().signal,
    ...more,
  };
  return { shown, io };
}

function judging(name: string, asked: CheckRequest[] = []): JudgeWorkingCopy {
  return (request) => {
    asked.push(request);
    request.progress('asking s3://team/dvc\u001b[2J for 340 objects');
    return Promise.resolve(reportOf(judgements[name]!));
  };
}

const never: JudgeWorkingCopy = () => Promise.reject(new Error('must not be asked'));

describe('exit codes', () => {
  test.each([
    ['passed', 0],
    ['nothing', 0],
    ['advisory', 0],
    ['failed', 1],
    ['conflict', 1],
    ['undecided', 3],
  ])('%s — ends with %d, and prints the verdict', async (name, code) => {
    const { shown, io } = terminal();
    expect(await runCheck([], io, judging(name))).toBe(code);
    expect(shown.stdout).toContain('origin/main');
    expect(shown.stderr).toBe('');
  });

  test('a user error — no repository — says what and what to do, on stderr', async () => {
    const { shown, io } = terminal();
    const code = await runCheck([], io, () =>
      Promise.reject(new UserError('not-a-repository', 'No \u001b[2Jrepository.', 'Run git init.')),
    );
    expect([code, shown.stderr, shown.stdout]).toEqual([
      2,
      'modelgate check: No \\u001b[2Jrepository.\nRun git init.\n',
      '',
    ]);
  });

  test('the world is away — could not decide', async () => {
    const { shown, io } = terminal();
    expect(await runCheck([], io, () => Promise.reject(new RetryableError('host away')))).toBe(3);
    expect(shown.stderr).toContain('could not decide: host away');
  });

  test('a defect — shows the stack — and is never a pass', async () => {
    const { shown, io } = terminal();
    expect(await runCheck([], io, () => Promise.reject(new TypeError('x is undefined')))).toBe(3);
    expect(shown.stderr).toContain('defect of modelgate');
    expect(shown.stderr).toContain('check.test.ts');
  });
});

describe('arguments', () => {
  test.each([
    [['--targt', 'main'], 'Did you mean --target?'],
    [['--commit'], 'Did you mean --committed?'],
    [['--format', 'jsn'], 'Did you mean --format json?'],
    [['--format', 'sar'], 'Did you mean --format sarif?'],
    [['--format'], '--format needs a value'],
    [['--target='], '--target needs a value'],
    [['--committed=yes'], '--committed takes no value'],
    [['--zzz'], 'modelgate check --help'],
    [['-x'], 'There is no option -x.'],
    [['main'], '--target main'],
    [['--', 'main'], 'too many'],
    [['--format', 'junti'], 'Did you mean --format junit?'],
    [['--report', 'junti=x.xml'], 'Did you mean --report junit?'],
    [['--report', 'junit'], 'Write --report junit=<file>.'],
    [['--report', 'junit='], 'Write --report junit=<file>.'],
    [['--report'], '--report needs a value'],
    [
      ['-r', 'junit=same.out', '-r', 'json=./same.out'],
      'More than one report would be written to ./same.out',
    ],
    [
      ['-r', 'junit=same.out', '-o', 'a/../same.out'],
      'More than one report would be written to a/../same.out',
    ],
  ])('%j — is wrong use — says %s', async (argv, message) => {
    const { shown, io } = terminal();
    expect(await runCheck(argv, io, never)).toBe(2);
    expect(shown.stderr).toContain(message);
  });

  test('all of them — reach the judge', async () => {
    const asked: CheckRequest[] = [];
    await runCheck(
      ['-t', 'release', '--committed', '--format=json'],
      terminal().io,
      judging('passed', asked),
    );
    expect(asked).toMatchObject([{ directory: '/work', target: 'release', committed: true }]);
  });

  test('--help — prints every option', async () => {
    const { shown, io } = terminal();
    expect(await runCheck(['--help'], io, judging('failed'))).toBe(0);
    for (const option of [
      '--target',
      '--committed',
      '--format',
      '--output',
      '--report',
      '--help',
      ...formats,
    ])
      expect(shown.stdout).toContain(option);
  });
});

describe('output', () => {
  test.each([
    ['json', (text: string) => JSON.parse(text).verdict === 'failed'],
    ['sarif', (text: string) => JSON.parse(text).version === '2.1.0'],
    ['markdown', (text: string) => text.startsWith('### ❌')],
    ['pretty', (text: string) => text.includes('✘ failed')],
    ['gitlab-codequality', (text: string) => JSON.parse(text)[0].severity === 'blocker'],
    ['junit', (text: string) => text.startsWith('<?xml')],
    ['github', (text: string) => text.startsWith('::error file=')],
  ])('--format %s — is what it says', async (format, fits) => {
    const { shown, io } = terminal();
    await runCheck(['--format', format], io, judging('failed'));
    expect(fits(shown.stdout)).toBe(true);
  });

  test('--output — a file — gets the report, the terminal nothing', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'modelgate-test-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const { shown, io } = terminal({ cwd });
    expect(await runCheck(['-f', 'json', '-o', 'report.json'], io, judging('failed'))).toBe(1);
    expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).toMatchObject({
      version: 1,
      verdict: 'failed',
    });
    expect(shown.stdout).toBe('');
    expect(await runCheck(['-o', 'no/such/folder'], io, judging('passed'))).toBe(2);
    expect(shown.stderr).toContain('cannot be written');
  });

  test('--report, twice — files get the reports, the terminal what people read, in one judgement', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'modelgate-test-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const asked: CheckRequest[] = [];
    const { shown, io } = terminal({ cwd, isTty: { stdout: true, stderr: false } });
    const argv = ['--report', 'junit=junit.xml', '-r', 'sarif=a=b.sarif'];
    expect(await runCheck(argv, io, judging('failed', asked))).toBe(1);
    expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('<failure ');
    expect(JSON.parse(readFileSync(join(cwd, 'a=b.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(shown.stdout).toContain('✘ failed');
    expect(asked).toHaveLength(1);
    expect(await runCheck(['-r', 'junit=no/such/folder'], io, judging('passed'))).toBe(2);
    expect(shown.stderr).toContain('Name another file with --output or --report.');
  });

  test.each([
    [{}, false, false],
    [{}, true, true],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('colours — with %j, on a terminal %s — %s', async (env, stdout, colours) => {
    const { shown, io } = terminal({ env, isTty: { stdout, stderr: false } });
    await runCheck([], io, judging('failed'));
    expect(shown.stdout.includes('\u001b[')).toBe(colours);
  });

  test('progress — on a terminal — is one harmless line that goes away', async () => {
    const { shown, io } = terminal({ isTty: { stdout: true, stderr: true }, columns: 40 });
    await runCheck([], io, judging('passed'));
    expect(shown.stderr).toBe('\r\u001b[2Kasking s3://team/dvc\\u001b[2J for 340 …\r\u001b[2K');
  });
});
