import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { oneLine } from '../text.ts';

/** The log as far as it goes; our script adds what comes after `cursor`. */
export function renderLog(
  lines: readonly string[],
  { isOpen, cursor }: { readonly isOpen: boolean; readonly cursor: string | undefined },
): Html | undefined {
  if (lines.length === 0 && !isOpen) return undefined;
  const text = lines.map((line) => `${logText(line)}\n`);
  return markup`<section>
<h2 id="log-heading">Log</h2>
<pre id="log" class="log" role="log" aria-labelledby="log-heading" tabindex="0" data-cursor="${cursor}">${text}</pre>
</section>
`;
}

/** A line of the log as one harmless line of text. */
export function logText(line: string): string {
  return oneLine(formatLogLine(line));
}

/** Fields that are the same in each line, or that the page tells anyway. */
const left = new Set('pid hostname v run head host repository change environment release commit'.split(' '));

/** A line of the log as people read it. Lines are JSON objects as the logger writes them; others stay as they are. */
export function formatLogLine(line: string): string {
  const fields = parse(line);
  if (fields === undefined) return line;
  const { time, level, msg, ...rest } = fields;
  const words = [timeOf(time), levelOf(level), typeof msg === 'string' ? msg : undefined];
  for (const [name, value] of Object.entries(rest)) {
    if (!left.has(name)) words.push(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  return words.filter((word) => word !== undefined).join(' ');
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function levelOf(level: unknown): string | undefined {
  if (typeof level === 'string') return level;
  return typeof level === 'number' ? (levels[level] ?? String(level)) : undefined;
}

function timeOf(time: unknown): string | undefined {
  if (typeof time === 'string') return time;
  return typeof time === 'number' && Math.abs(time) < 8.64e15 ? new Date(time).toISOString() : undefined;
}
