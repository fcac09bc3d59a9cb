import { withOperations, type OperationsAtHand } from '../compose/operate.ts';
import { UserError } from '../errors.ts';
import { harmlessJson, oneLine } from '../report/text.ts';
import type { Terminal } from './command.ts';

/** What an action found or did: as a value, in words, and as an exit code. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly code?: number;
}

/** The options that every command with actions takes, as `parseArgs` of node:util wants them. */
export const actionOptions = {
  config: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What is said when the words after a command name no action of it. */
export const unknownAction = (words: readonly string[], help: string): UserError =>
  new UserError('usage', `this is no action: ${oneLine(words.join(' '))}`, help.trimEnd());

/** Lets an action work with the installation that a configuration describes, and prints what came of it. */
export async function act(
  action: (at: OperationsAtHand) => Promise<Outcome>,
  { config, json: asJson }: { readonly config: string | undefined; readonly json: boolean | undefined },
  { env, cwd, home, stdout }: Terminal,
): Promise<number> {
  // What goes wrong is said in words at the end: lines of a log would only be in the way.
  const surroundings = { env, cwd, home, writeLog: () => undefined };
  const { json, text, code } = await withOperations({ config }, surroundings, action);
  stdout.write(asJson === true ? `${harmlessJson(JSON.stringify(json, undefined, 2))}\n` : text);
  return code ?? 0;
}
