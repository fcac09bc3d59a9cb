/** The process: what it writes to, and what it will end with. */
export interface Program {
  readonly stdout: Output;
  readonly stderr: Output & { write(text: string): unknown };
  exitCode?: NodeJS.Process['exitCode'];
}

interface Output {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** An output took nothing: wrong use, as an `--output` that cannot be written. Never the code of a verdict. */
const brokenCode = 2;
/** What a shell shows for a program that wrote to a reader that had gone. */
const readerGoneCode = 141;

/**
 * Watches both outputs: one that fails ends the command through `stop`, with a line on the standard error and an exit
 * code of its own, instead of an exception. A reader that has gone away (EPIPE, as with `| head`) is not complained of, and
 * when the command has ended it has seen enough: the command's code stays.
 * @returns what takes the command's exit code when it has ended.
 */
export function watchOutputs(program: Program, stop: () => void): (code: number) => void {
  let instead: number | undefined;
  let ended = false;
  function onError(error: NodeJS.ErrnoException, canTell: boolean): void {
    const isGone = error.code === 'EPIPE';
    if (isGone && ended) return;
    if (canTell && !isGone && instead === undefined) {
      program.stderr.write(`modelgate: the output cannot be written: ${error.message}\n`);
    }
    instead ??= isGone ? readerGoneCode : brokenCode;
    program.exitCode = instead;
    stop();
  }
  program.stdout.on('error', (error) => onError(error, true));
  // What cannot be written to the standard error cannot be told there.
  program.stderr.on('error', (error) => onError(error, false));
  return (code) => {
    ended = true;
    program.exitCode = instead ?? code;
  };
}
