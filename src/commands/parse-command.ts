import { suggest } from '../domain/suggest.ts';

/** What people can ask for below a change. */
export type Command = { readonly name: 'retest' };

const names = ['retest'] as const;

/**
 * Reads the first line of a comment: `/modelgate retest`. undefined: it is no command. A command that does not exist
 * is told apart, with the nearest one that does.
 */
export function parseCommand(
  text: string,
):
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'unknown'; readonly name: string; readonly suggestion: string | undefined }
  | undefined {
  const line = text.split(/[\r\n]/, 1)[0] ?? '';
  const match = /^\/modelgate\s+(\S+)\s*$/.exec(line);
  if (match === null) return undefined;
  const name = match[1] ?? '';
  if (name === 'retest') return { kind: 'command', command: { name } };
  return { kind: 'unknown', name, suggestion: suggest(name, names) };
}
