import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { toCommit } from '../../../src/adapters/git/oid.ts';
import type { Sha } from '../../../src/domain/repository.ts';
import type { Log } from '../../../src/log.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { createGitHttp } from '../../../src/sandbox/git-http.ts';
import type { GitAccess, GitDecision } from '../../../src/sandbox/git-http.ts';
import { createSerial } from '../../../src/sandbox/serial.ts';

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export const path = { PATH: environment.PATH };

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'modelgate-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Runs git in a directory and returns its output without the last line break. */
export function git(directory: string, ...args: string[]): string {
  const output = execFileSync('git', args, {
    cwd: directory,
    env: environment,
    maxBuffer: 1 << 28,
    timeout: 30_000,
    stdio: 'pipe',
  });
  return output.toString('utf8').trimEnd();
}

/** Runs git while this process goes on serving. */
export async function gitMeanwhile(directory: string, ...args: string[]): Promise<void> {
  await promisify(execFile)('git', args, { cwd: directory, env: environment });
}

/** A new repository whose branch is `main`, served to partial clones. */
export function newRepository(...args: string[]): string {
  const directory = temporaryDirectory();
  git(directory, 'init', '--quiet', '--initial-branch=main', ...args);
  git(directory, 'config', 'uploadpack.allowFilter', 'true');
  git(directory, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  git(directory, 'config', 'commit.gpgsign', 'false');
  return directory;
}

/** Writes files; `undefined` removes one. */
export function write(directory: string, files: Readonly<Record<string, string | undefined>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(directory, name);
    if (content === undefined) rmSync(file, { recursive: true });
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
}

/** Commits everything and returns the commit. */
export function commit(
  directory: string,
  files: Readonly<Record<string, string | undefined>>,
  message = 'change',
): Sha {
  write(directory, files);
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', message);
  return headOf(directory);
}

/** The commit that is checked out. */
export function headOf(directory: string): Sha {
  return toCommit(git(directory, 'rev-parse', 'HEAD'));
}

/** A commit id that no repository has. */
export function sha(pair: string): Sha {
  return toCommit(pair.repeat(20));
}

/** What lies in a directory, with its bytes: to prove that nothing was touched. */
export function picture(directory: string): string {
  const names = execFileSync('find', ['.', '-type', 'f'], { cwd: directory })
    .toString()
    .trim()
    .split('\n')
    .sort();
  return names.map((name) => `${name} ${readFileSync(join(directory, name)).toString('base64')}`).join('\n');
}

/** A clock whose waits end at once; `waits` says which were asked for. */
export function impatientClock(
  start = '2026-11-22T12:00:00Z',
): Clock & { readonly waits: number[]; pass(ms: number): void } {
  let now = new Date(start).getTime();
  const waits: number[] = [];
  return {
    waits,
    pass: (ms) => void (now += ms),
    now: () => new Date(now),
    async sleep(ms, signal) {
      waits.push(ms);
      await new Promise((resolve) => setTimeout(resolve, 1));
      signal.throwIfAborted();
    },
    after: () => () => undefined,
  };
}

/** A log that keeps what it is told. */
export function keepingLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log = { lines, debug: keep, info: keep, warn: keep, error: keep, child: () => log };
  return log;
}

/** Serves the repository over smart HTTP. `requests` are method and path; `decide` may refuse. */
export async function serve(
  repository: string,
  decide: (access: GitAccess) => GitDecision<string>['kind'] = () => 'granted',
): Promise<{ readonly url: string; readonly requests: string[]; readonly headers: string[] }> {
  const requests: string[] = [];
  const headers: string[] = [];
  const directory = existsSync(join(repository, '.git')) ? join(repository, '.git') : repository;
  const handler = createGitHttp<string>({
    serial: createSerial(),
    received: () => Promise.resolve(),
    decide(access) {
      const kind = decide(access);
      return kind === 'granted' ? { kind, directory, actor: 'a', refuse: [] } : { kind };
    },
  });
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(JSON.stringify(request.headers));
    void handler(request, response, request.url ?? '/');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/ml/model.git`, requests, headers };
}
