import { spawn } from 'node:child_process';

/** Where git is looked for: fixed, so that nothing of the surrounding environment decides what a sandbox does. */
const searchPath = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin:/run/current-system/sw/bin';

/** What a git process gets beside its arguments. */
export interface GitRun {
  readonly input?: Buffer | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a git process ended. */
export interface GitResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole environment of a git process: no configuration of the machine, no prompts, English. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: searchPath,
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...more,
  };
}

/** Runs git in a bare repository. @throws Error with git's words when it does not end with 0. */
export async function git(directory: string, args: readonly string[], run: GitRun = {}): Promise<string> {
  const { code, stdout, stderr } = await tryGit(directory, args, run);
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code} in ${directory}: ${stderr.trim()}`);
  return stdout;
}

/** Runs git in a bare repository and says how it ended. */
export function tryGit(directory: string, args: readonly string[], run: GitRun = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', directory, ...args], {
      env: gitEnvironment(run.env),
      cwd: directory,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    child.stdin.end(run.input);
  });
}
