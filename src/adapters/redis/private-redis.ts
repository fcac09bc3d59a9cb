import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../../errors.ts';

/** A redis-server of our own on the loopback interface. */
export interface PrivateRedis {
  /** `redis://:password@127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  readonly pid: number;
  /** Resolves when the process is gone and its temporary directory removed. */
  stop(): Promise<void>;
}

export interface PrivateRedisOptions {
  /** Path of the server's binary; undefined: `redis-server` or `valkey-server` from `searchPath`. */
  readonly binary: string | undefined;
  /** The PATH to look in. */
  readonly searchPath: string;
  /** Keeps the data there, every write on disk; undefined: nothing is kept. */
  readonly directory?: string;
  readonly port?: number;
  readonly password?: string;
}

const readyWithinMs = 5000;

/**
 * Starts a redis-server for `serve --with-worker`, `demo` and tests. It is ready in about 20 ms (specs stack 5).
 * The configuration goes in by standard input, so that the password is in no process list.
 *
 * @throws UserError `redis-binary` when there is no server binary, `redis-start` when it does not answer.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const binary = options.binary ?? (await findBinary(options.searchPath));
  const tries = options.port === undefined ? 3 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(binary, options);
    } catch (error) {
      // The free port may have been taken by somebody else in between.
      if (attempt >= tries) throw error;
    }
  }
}

async function startOnce(binary: string, options: PrivateRedisOptions): Promise<PrivateRedis> {
  const port = options.port ?? (await freePort());
  const password = options.password ?? randomBytes(18).toString('base64url');
  const temporary =
    options.directory === undefined ? await mkdtemp(join(tmpdir(), 'modelgate-redis-')) : undefined;
  const directory = options.directory ?? temporary ?? '';
  // Detached: Ctrl-C is for us, and Redis is still needed while we end.
  const child = spawn(binary, ['-'], { cwd: directory, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(configuration({ port, password, directory, options }));
  const kill = (): void => void child.kill('SIGKILL');
  const leave = (): void => {
    kill();
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  };
  process.once('exit', leave);

  async function stop(): Promise<void> {
    process.removeListener('exit', leave);
    if (options.directory === undefined) kill();
    else child.kill('SIGTERM');
    await ended;
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }

  if (!(await answers(child, port, password))) {
    await stop();
    throw new UserError(
      'redis-start',
      `${binary} did not answer on port ${port}`,
      'Run it by hand to see why.',
    );
  }
  return { url: `redis://:${password}@127.0.0.1:${port}`, port, password, pid: child.pid ?? 0, stop };
}

function configuration(input: {
  readonly port: number;
  readonly password: string;
  readonly directory: string;
  readonly options: PrivateRedisOptions;
}): string {
  const { port, password, directory, options } = input;
  const kept = options.directory !== undefined;
  return [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir "${directory.replace(/["\\]/g, '\\$&')}"`,
    'save ""',
    `appendonly ${kept ? 'yes' : 'no'}`,
    'appendfsync always',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');
}

async function findBinary(searchPath: string): Promise<string> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const directory of searchPath.split(delimiter)) {
      const path = join(directory, name);
      if (directory !== '' && (await exists(path))) return path;
    }
  }
  throw new UserError(
    'redis-binary',
    'there is no redis-server and no valkey-server on PATH',
    'Install one (Debian: apt install redis-server), or name its path in MODELGATE_REDIS_SERVER.',
  );
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Only our own server knows the password, so that a stranger on the same port is not taken for it. */
async function answers(child: ChildProcess, port: number, password: string): Promise<boolean> {
  const deadline = Date.now() + readyWithinMs;
  while (
    Date.now() < deadline &&
    child.exitCode === null &&
    child.signalCode === null &&
    child.pid !== undefined
  ) {
    if (await ping(port, password)) return true;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return false;
}

function ping(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard === '+OK\r\n+PONG\r\n'));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.length >= 12 || heard.startsWith('-')) socket.destroy();
    });
  });
}
