import type { Log } from '../../src/log.ts';

/** One line that was logged, with the fields of its child loggers. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that keeps its lines. */
export function createKeptLog(): {
  readonly log: Log;
  readonly lines: LoggedLine[];
  readonly messages: () => string[];
} {
  const lines: LoggedLine[] = [];
  return { log: child(lines, {}), lines, messages: () => lines.map((line) => line.message) };
}

function child(lines: LoggedLine[], bound: object): Log {
  const write = (level: LoggedLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...bound, ...fields } });
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => child(lines, { ...bound, ...fields }),
  };
}
