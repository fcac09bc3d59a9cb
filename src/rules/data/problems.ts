import type { Problem } from '../../formats/source.ts';
import type { Breach } from '../rule.ts';
import type { Metafile } from './model.ts';

/** Codes of problems that stand before any meaning: the text itself cannot be read. */
const unparsableCodes: ReadonlySet<string> = new Set([
  'syntax',
  'duplicate-key',
  'duplicate-section',
  'conflict-marker',
  'encoding',
  'unknown-tag',
  'unknown-alias',
  'recursive-alias',
  'merge-key',
  'scalar',
  'documents',
]);

/** Codes of what DVC accepts, to its users' harm. */
const warningCodes: ReadonlySet<string> = new Set([
  'local-remote',
  'plug-in-scheme',
  'collision',
  'cut-short',
]);

/** Whether the problem belongs to `data/unparsable`; all others belong to `data/schema`. */
export function isUnparsable(problem: Problem): boolean {
  return unparsableCodes.has(problem.code);
}

/** A reader's problem as a breach. */
export function breachOf(file: Metafile, problem: Problem): Breach {
  const { code, message, span, pointer, repair } = problem;
  return {
    at: { source: file.source, span, pointer },
    message: asSentence(message),
    subject: code,
    repair,
    ...(warningCodes.has(code) ? { severity: 'warning' as const } : {}),
  };
}

/** Readers say what is wrong in words that could go on; a finding is a sentence. */
function asSentence(message: string): string {
  const text = /^[a-z]+ /.test(message) ? message.charAt(0).toUpperCase() + message.slice(1) : message;
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
