#!/usr/bin/env node
import { homedir, userInfo } from 'node:os';
import { watchOutputs } from './cli/output-errors.ts';
import { readVersion } from './cli/version.ts';
import { messageOf, RetryableError, UserError } from './errors.ts';
import type { RunCommand, Terminal } from './cli/command.ts';

/** Commands load what they need, and nothing of the others. */
const commands: Readonly<Record<string, { readonly what: string; load(): Promise<RunCommand> }>> = {
  check: {
    what: 'judge the merge of a working copy, as the server would',
    load: async () => (await import('./cli/check/command.ts')).runCheckCommand,
  },
  serve: {
    what: 'take webhooks in and show pages',
    load: async () => (await import('./cli/serve.ts')).runServe,
  },
  worker: {
    what: 'judge changes and release what is merged',
    load: async () => (await import('./cli/serve.ts')).runWorker,
  },
  jobs: {
    what: 'see what runs, waits and fails; retry, pause, resume',
    load: async () => (await import('./cli/jobs.ts')).runJobs,
  },
  release: {
    what: 'see how merged commits get to production; retry, hold, resume',
    load: async () => (await import('./cli/release.ts')).runRelease,
  },
  demo: {
    what: 'play the whole story on this machine',
    load: async () => (await import('./cli/demo.ts')).runDemo,
  },
};

/** Two signals this close are one: a terminal sends Ctrl-C to npx and to us, and npx passes it on. Milliseconds. */
const sameSignalMs = 200;

const stopping = new AbortController();
let stoppedAt = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted && performance.now() - stoppedAt > sameSignalMs) process.exit(130);
    if (!stopping.signal.aborted) stoppedAt = performance.now();
    stopping.abort();
  });
}

const terminal: Terminal = {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  user: userName(),
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stopping.signal,
};

const endWith = watchOutputs(process, () => stopping.abort());

/** What connections that hang get to close by themselves after a command has ended. Milliseconds. */
const lingerMs = 1000;

// While a command works the process stays, whatever it waits for; afterwards nothing may hold it up.
const staying = setInterval(() => undefined, 60_000);
endWith(await main(process.argv.slice(2)));
clearInterval(staying);
setTimeout(() => process.exit(), lingerMs).unref();

/** A container often runs as a number that has no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

async function main([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined) return help(name);
  if (name === '--version' || name === '-v' || name === 'version') {
    process.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return help(name);
  try {
    return await (
      await command.load()
    )(rest, terminal);
  } catch (thrown) {
    process.stderr.write(explain(name, thrown));
    return 2;
  }
}

function help(name: string | undefined): number {
  const asked = name !== undefined && ['help', '--help', '-h'].includes(name);
  const list = Object.entries(commands).map(([command, { what }]) => `  ${command.padEnd(8)} ${what}`);
  const text = [
    'Usage: modelgate <command> [options]',
    '',
    ...list,
    '',
    'modelgate <command> --help says more; modelgate --version which one this is.',
    '',
  ].join('\n');
  const wrong = name === undefined ? '' : `modelgate: there is no command ${JSON.stringify(name)}\n\n`;
  if (asked) process.stdout.write(text);
  else process.stderr.write(`${wrong}${text}`);
  return asked ? 0 : 2;
}

/** What went wrong in words for whoever typed the command; the stack only of defects of ours. */
function explain(command: string, thrown: unknown): string {
  if (thrown instanceof UserError) return `modelgate ${command}: ${thrown.message}\n${thrown.remedy}\n`;
  if (thrown instanceof RetryableError) {
    const remedy = thrown.advice?.remedy ?? 'It may pass: try again in a minute.';
    return `modelgate ${command}: ${thrown.message}\n${remedy}\n`;
  }
  const known =
    thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
  const detail = thrown instanceof Error && !known ? (thrown.stack ?? thrown.message) : messageOf(thrown);
  return `modelgate ${command}: ${detail}\n`;
}
