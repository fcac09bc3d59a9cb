import { judgeWorkingCopy } from '../../compose/local.ts';
import { runCheck } from '../check.ts';
import type { RunCommand } from '../command.ts';
import { readVersion } from '../version.ts';

/** `modelgate check` on this process. */
export const runCheckCommand: RunCommand = (argv, { env, cwd, home, stdout, stderr, stop }) => {
  const io = {
    cwd,
    env,
    stdout,
    stderr,
    isTty: { stdout: stdout.isTTY === true, stderr: stderr.isTTY === true },
    columns: stdout.columns ?? 80,
    now: new Date(),
    signal: stop,
  };
  const version = readVersion();
  return runCheck(argv, io, async (request) => ({
    ...(await judgeWorkingCopy(request, { env, home })),
    version,
  }));
};
