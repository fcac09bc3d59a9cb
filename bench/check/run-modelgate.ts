import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Usage } from '../child/usage.ts';
import { profiling } from '../child/start-child.ts';

/** What one run of the command line took. */
export interface Finished extends Usage {
  readonly wallMs: number;
  readonly code: number;
  readonly stdout: string;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const measureExit = new URL('measure-exit.ts', import.meta.url).href;

/** Runs `modelgate` with the arguments as people do, from its sources. */
export async function runModelgate(
  args: readonly string[],
  where: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Finished> {
  const usage = join(tmpdir(), `modelgate-bench-usage-${process.pid}.json`);
  const options = ['--import', measureExit, ...profiling(process.env['BENCH_PROFILE'])];
  const began = performance.now();
  const child = spawn(process.execPath, [...options, main, ...args], {
    cwd: where.cwd,
    env: { ...process.env, ...where.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? -1));
  });
  const wallMs = performance.now() - began;
  const used: Usage = JSON.parse(await readFile(usage, 'utf8'));
  await rm(usage);
  return { ...used, wallMs, code, stdout };
}
