import { z } from 'zod';

/** The server begins logs with 200, and writes what went wrong behind them (specs kubeflow-kserve 3.5). */
const Broken = z.object({ error_message: z.string(), error_details: z.string() });

/** Characters of one line; the rest of it is cut off. */
const longestLine = 2000;

/** Colours, cursor movements, titles of windows. */
// oxlint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const controls =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The last lines of a log as people may be shown them, oldest first: no control characters, no error of the server's. */
export function lastLines(text: string, count: number): readonly string[] {
  const lines = text.split('\n');
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
  if (isBroken(lines.at(-1) ?? '')) lines.pop();
  return lines.slice(Math.max(0, lines.length - count)).map(clean);
}

/** Of what a progress bar wrote over itself, the last is what was to be seen. */
function clean(line: string): string {
  const seen = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  const plain = seen.replace(escapes, '').replace(controls, '').trimEnd();
  return plain.length <= longestLine ? plain : `${plain.slice(0, longestLine)} …`;
}

function isBroken(line: string): boolean {
  if (!line.startsWith('{')) return false;
  try {
    return Broken.safeParse(JSON.parse(line)).success;
  } catch {
    return false;
  }
}
