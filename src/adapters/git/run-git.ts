import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { RetryableError, UserError } from '../../errors.ts';
import { configEnvironment } from './hardening.ts';
import type { ConfigPairs } from './hardening.ts';
import { scrub } from './scrub.ts';

/** Where git runs and with what. */
export interface GitPlace {
  /** The working directory of the process. */
  readonly directory: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Configuration, handed over in the environment so that no argument list ever shows a value. */
  readonly config: ConfigPairs;
  /** Texts that must not appear in what git says: header values, tokens. */
  readonly secrets: readonly string[];
}

/** One call of git. */
export interface GitCall {
  readonly args: readonly string[];
  /** Written to the standard input, which is closed afterwards. */
  readonly input?: string | Buffer | undefined;
  /** More environment, for this call alone. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Bytes of output beyond which git is stopped; 256 MiB where nothing is said. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds after which git is stopped; two minutes where nothing is said. */
  readonly timeoutMs?: number | undefined;
}

/** What git answered; `complaint` is its standard error, shortened, without secrets. */
export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly complaint: string;
}

/**
 * Runs git. An exit code is an answer, never an exception.
 * @throws the signal's reason when aborted (git and its children are killed first); RetryableError `git …` when it
 *   took too long; UserError `git-missing`, `git-output` when there is no git, or far too much output.
 */
export type Git = (call: GitCall, signal: AbortSignal) => Promise<GitAnswer>;

const defaultMaxBytes = 256 * 1024 * 1024;
const defaultTimeoutMs = 120_000;
const complaintBytes = 8192;

/** A git that runs at one place. */
export function createGit(place: GitPlace): Git {
  return async (call, signal) => {
    signal.throwIfAborted();
    const stops = [signal, AbortSignal.timeout(call.timeoutMs ?? defaultTimeoutMs)];
    const answer = await collect(start(place, call), call, AbortSignal.any(stops));
    signal.throwIfAborted();
    if (answer.trouble === 'timeout') {
      throw new RetryableError(
        `git ${call.args[0]} took longer than ${call.timeoutMs ?? defaultTimeoutMs} ms`,
      );
    }
    if (answer.trouble === 'output') {
      throw new UserError(
        'git-output',
        `git ${call.args[0]} wrote more than ${call.maxBytes ?? defaultMaxBytes} bytes`,
        'The repository is larger than modelgate reads; split it, or raise the limits.',
      );
    }
    return { code: answer.code, stdout: answer.stdout, complaint: scrub(answer.stderr, place.secrets) };
  };
}

/** The output of a call that has to succeed. @throws RetryableError with git's complaint when it does not. */
export async function succeed(git: Git, call: GitCall, signal: AbortSignal): Promise<Buffer> {
  const { code, stdout, complaint } = await git(call, signal);
  if (code !== 0)
    throw new RetryableError(`git ${call.args[0]} ended with ${code}: ${complaint || 'no reason given'}`);
  return stdout;
}

function start(place: GitPlace, call: GitCall): ChildProcess {
  return spawn('git', call.args, {
    cwd: place.directory,
    env: { ...place.environment, ...configEnvironment(place.config), ...call.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: the transports that git starts die with it.
    detached: true,
  });
}

interface Collected {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly trouble: 'timeout' | 'output' | undefined;
}

function collect(child: ChildProcess, call: GitCall, stop: AbortSignal): Promise<Collected> {
  const maxBytes = call.maxBytes ?? defaultMaxBytes;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let stderr = '';
  let trouble: Collected['trouble'];
  function onStop(): void {
    trouble ??= 'timeout';
    kill(child);
  }
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (trouble === undefined) {
      trouble = 'output';
      kill(child);
    }
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-complaintBytes);
  });
  // Git may end before it has read everything: its exit code tells why, the broken pipe does not.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(call.input ?? '');
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      stop.removeEventListener('abort', onStop);
      reject(
        new UserError(
          'git-missing',
          `git could not be started: ${cause.message}`,
          'Install git 2.38 or newer.',
          {
            cause,
          },
        ),
      );
    });
    child.once('close', (code) => {
      stop.removeEventListener('abort', onStop);
      resolve({ code: code ?? -1, stdout: Buffer.concat(chunks), stderr, trouble });
    });
  });
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
    child.kill('SIGKILL');
  }
}
