import { oneLine } from '../report/text.ts';
import type { Terminal } from './command.ts';

/** Who sits at the terminal, as far as it is known: whoever can reach Redis could do anything anyway. */
export function actorOf({ env, user: system }: Terminal): string {
  const names = [env['SUDO_USER'], system, env['USER'], env['LOGNAME']];
  const user = names.find((name) => name !== undefined && name !== '') ?? 'somebody';
  return `${oneLine(user)} at a terminal`;
}
