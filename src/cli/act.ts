import { withOperations, type OperationsAtHand } from '../compose/operate.ts';
import { harmlessJson } from '../report/text.ts';
import type { Terminal } from './command.ts';

/** What an action found or did: as a value, in words, and as an exit code. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly code?: number;
}

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
