import { parseArgs } from 'node:util';
import { readRole } from '../compose/roles.ts';
import { serve, work, type Running } from '../compose/serve.ts';
import type { Surroundings } from '../compose/surroundings.ts';
import type { RunCommand, Terminal } from './command.ts';

const serveHelp = `Usage: modelgate serve [--config FILE] [--with-worker]

Takes webhooks in and shows pages. Redis is named by REDIS_URL or redis.url.

  --config FILE   the configuration (default: MODELGATE_CONFIG, else modelgate.yaml)
  --with-worker   judges and releases in this process too; without a Redis it brings a private one
`;

const workerHelp = `Usage: modelgate worker [--config FILE] [--role ROLE]

Judges changes, looks again for data, carries out commands, sweeps for what was missed, and releases what was merged.

  --config FILE   the configuration (default: MODELGATE_CONFIG, else modelgate.yaml)
  --role ROLE     which jobs it takes: gate (the default) judges, release takes what was merged to
                  production, all does both
`;

/** The exit code of a process that has to be started again; 2 is for whoever typed something wrong. */
const deafCode = 1;

/** `modelgate serve` */
export const runServe: RunCommand = async (argv, terminal) => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      'with-worker': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return print(terminal, serveHelp);
  const options = { config: values.config, withWorker: values['with-worker'] === true, stop: terminal.stop };
  return untilStopped(terminal, (surroundings) => serve(options, surroundings));
};

/** `modelgate worker` */
export const runWorker: RunCommand = async (argv, terminal) => {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      role: { type: 'string', default: 'gate' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return print(terminal, workerHelp);
  const role = readRole(values.role);
  if (role === undefined) {
    const there = 'expected gate, release or all';
    terminal.stderr.write(`modelgate worker: there is no role ${JSON.stringify(values.role)}; ${there}\n`);
    return 2;
  }
  const options = { config: values.config, role, stop: terminal.stop };
  return untilStopped(terminal, (surroundings) => work(options, surroundings));
};

function print(terminal: Terminal, text: string): number {
  terminal.stdout.write(text);
  return 0;
}

async function untilStopped(
  { env, cwd, home, stdout, stderr, stop }: Terminal,
  start: (surroundings: Surroundings) => Promise<Running>,
): Promise<number> {
  const running = await start({ env, cwd, home, writeLog: (line) => void stdout.write(line) });
  const deaf = await Promise.race([running.deaf, aborted(stop)]);
  if (deaf !== undefined) stderr.write(`modelgate: ${deaf.message}\n${deaf.remedy}\n`);
  await running.close();
  return deaf === undefined ? 0 : deafCode;
}

function aborted(stop: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve(undefined);
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
