import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { watchOutputs } from '../../src/cli/output-errors.ts';
import type { Program } from '../../src/cli/output-errors.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs modelgate; `stdout` and `stderr` are files that they go to instead of being kept. */
async function run(args: readonly string[], to: { readonly stdout?: string; readonly stderr?: string } = {}) {
  const out = to.stdout === undefined ? ('pipe' as const) : openSync(to.stdout, 'w');
  const err = to.stderr === undefined ? ('pipe' as const) : openSync(to.stderr, 'w');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', out, err] });
  for (const handle of [out, err]) if (typeof handle === 'number') closeSync(handle);
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

describe('without a command that exists', () => {
  test('no command — prints the help to stderr, and is wrong use', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: modelgate <command>/);
  });

  test('a command that there is not — names it', async () => {
    const { code, stderr } = await run(['chekc']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no command "chekc"');
  });

  test.each(['-v', '--version', 'version'])('%s — prints the version', async (name) => {
    expect(await run([name])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each(['-h', '--help', 'help'])('%s — prints the help', async (name) => {
    expect(await run([name])).toMatchObject({ code: 0, stdout: expect.stringContaining('check') });
  });
});

describe('an output that takes nothing', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'a full disk — one line, and never the code of a verdict',
    async () => {
      const { code, stderr } = await run(['check', '--help'], { stdout: '/dev/full' });
      expect(code).toBe(2);
      expect(stderr).toMatch(/^modelgate: the output cannot be written: ENOSPC.*\n$/);
    },
  );

  test.skipIf(!existsSync('/dev/full'))('both full — ends alike', async () => {
    expect((await run(['nope'], { stdout: '/dev/full', stderr: '/dev/full' })).code).toBe(2);
  });

  test('a reader that has gone — is no error', async () => {
    const child = spawn(process.execPath, [program, 'check', '--help']);
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    expect([code, said]).toEqual([0, '']);
  });

  test('a server whose log nobody takes any more — ends, and not as if all were well', async () => {
    const stdout = Object.assign(new EventEmitter(), { write: () => true });
    const stderr = Object.assign(new EventEmitter(), { write: () => true });
    const program: Program = { stdout, stderr };
    let stopped = false;
    const endWith = watchOutputs(program, () => void (stopped = true));
    stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    endWith(0);
    expect([stopped, program.exitCode]).toEqual([true, 141]);
  });
});
