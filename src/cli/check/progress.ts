import { oneLine, shorten } from '../../report/text.ts';

/** Where a line of progress is shown. */
export interface ProgressOutput {
  write(text: string): void;
}

/** One line that is written over; nothing where there is no terminal. */
export interface Progress {
  readonly show: (text: string) => void;
  /** Removes the line, so that the report begins on a clean one. */
  readonly clear: () => void;
}

/** @param columns the width of the terminal: a line that wraps could not be written over. */
export function createProgress(output: ProgressOutput, isTty: boolean, columns: number): Progress {
  let shown = false;
  return {
    show(text) {
      if (!isTty) return;
      output.write(`\r\u001b[2K${shorten(oneLine(text), Math.max(10, columns - 1))}`);
      shown = true;
    },
    clear() {
      if (shown) output.write('\r\u001b[2K');
      shown = false;
    },
  };
}
