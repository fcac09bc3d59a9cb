import { pino } from 'pino';
import type { SecretRegistry } from '../../domain/secret.ts';
import type { Log } from '../../log.ts';
import { createRedactor } from './redact.ts';

/** Where log lines go, from which level on, and which secrets are taken out of them. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly secrets: SecretRegistry;
  /** One line of JSON with its line break, redacted. */
  readonly write: (line: string) => void;
  /** Lines with a `run` field come here as well, without the line break, redacted. */
  readonly onRunLine?: ((runId: string, line: string) => void) | undefined;
}

/** pino over one sink that redacts every line before anybody sees it. */
export function createLog(options: LogOptions): Log {
  const redactor = createRedactor(options.secrets);
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };

  function write(line: string): void {
    const safe = redactor.line(line);
    options.write(safe);
    if (options.onRunLine === undefined || !safe.includes('"run":')) return;
    const run = runOf(safe);
    if (run !== undefined) options.onRunLine(run, safe.trimEnd());
  }

  return pino(settings, { write });
}

function runOf(line: string): string | undefined {
  const record: { readonly run?: unknown } = JSON.parse(line);
  return typeof record.run === 'string' ? record.run : undefined;
}
