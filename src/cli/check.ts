import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Decision } from '../domain/run.ts';
import { AbortError, RetryableError, UserError, messageOf } from '../errors.ts';
import { oneLine } from '../report/text.ts';
import { parseCheckArguments } from './check/arguments.ts';
import type { CheckArguments } from './check/arguments.ts';
import { checkHelp } from './check/help.ts';
import type { JudgeWorkingCopy } from './check/judge-working-copy.ts';
import { withPersonalAdvice } from './check/personal-advice.ts';
import { createProgress } from './check/progress.ts';
import { renderReport } from './check/render.ts';

/** The process as the command sees it. */
export interface CheckIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  /** Whether the two are terminals. */
  readonly isTty: { readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of the terminal. */
  readonly columns: number;
  readonly now: Date;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** Runs `modelgate check`. The answer is the exit code: 0 passed, 1 failed, 2 wrong use, 3 undecided. */
export async function runCheck(
  argv: readonly string[],
  io: CheckIo,
  judge: JudgeWorkingCopy,
): Promise<number> {
  try {
    const wanted = parseCheckArguments(argv);
    if (wanted.help) {
      io.stdout.write(checkHelp);
      return 0;
    }
    return await check(wanted, io, judge);
  } catch (error) {
    return explain(error, io);
  }
}

async function check(wanted: CheckArguments, io: CheckIo, judge: JudgeWorkingCopy): Promise<number> {
  const { target, committed, format, output, reports } = wanted;
  refuseSameFile([...reports.map(({ file }) => file), ...(output === undefined ? [] : [output])], io.cwd);
  const progress = createProgress(io.stderr, io.isTty.stderr, io.columns);
  const request = { directory: io.cwd, target, committed, progress: progress.show, signal: io.signal };
  const judged = await judge(request).finally(progress.clear);
  const report = { ...judged, judgement: withPersonalAdvice(judged.judgement) };
  const { columns, now } = io;
  for (const { format: further, file } of reports) {
    await save(resolve(io.cwd, file), renderReport(report, further, { colours: false, columns, now }));
  }
  const colours = wantsColours(io, output !== undefined);
  const text = renderReport(report, format, { colours, columns, now });
  if (output === undefined) io.stdout.write(text);
  else await save(resolve(io.cwd, output), text);
  return exitCode(report.decision);
}

/** A second report would overwrite the first. */
function refuseSameFile(files: readonly string[], cwd: string): void {
  const paths = files.map((file) => resolve(cwd, file));
  const again = files.find((_file, index) => paths.indexOf(paths[index] ?? '') !== index);
  if (again === undefined) return;
  const message = `More than one report would be written to ${again}, and only the last would be left.`;
  throw new UserError('usage', message, 'Name a file of its own in each --report and in --output.');
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UserError(
      'output',
      `${file} cannot be written: ${messageOf(error)}`,
      'Name another file with --output or --report.',
      {
        cause: error,
      },
    );
  }
}

/** What does not block is success: advisory mode tells, and lets pass. */
function exitCode(decision: Decision): number {
  if (!decision.blocking) return 0;
  return decision.verdict === 'failed' ? 1 : 3;
}

/** https://no-color.org: set and not empty means no; FORCE_COLOR likewise, unless it is 0. */
function wantsColours(io: CheckIo, toFile: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR } = io.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return io.isTty.stdout && !toFile && io.env['TERM'] !== 'dumb';
}

/** What went wrong, why, what to do. A defect of ours keeps its stack: somebody has to repair it. */
function explain(error: unknown, io: CheckIo): number {
  if (error instanceof UserError) {
    io.stderr.write(`modelgate check: ${oneLine(error.message)}\n${oneLine(error.remedy)}\n`);
    return 2;
  }
  if (error instanceof RetryableError) {
    io.stderr.write(`modelgate check: could not decide: ${oneLine(error.message)}\nTry again in a while.\n`);
    return 3;
  }
  if (error instanceof AbortError || io.signal.aborted) {
    io.stderr.write('modelgate check: interrupted\n');
    return 3;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`modelgate check: a defect of modelgate, please report it:\n${stack}\n`);
  return 3;
}
