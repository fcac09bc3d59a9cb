import { AbortError, messageOf, RetryableError, UserError } from '../errors.ts';

/** Whether the thrown thing is trouble that modelgate knows, not a defect of its own. */
export function isKnownTrouble(thrown: unknown): boolean {
  return thrown instanceof RetryableError || thrown instanceof UserError || thrown instanceof AbortError;
}

/** A throw as a line of the log has it: with its stack where we have to repair something, else why in words. */
export function thrownFields(thrown: unknown): { readonly reason: string } | { readonly err: unknown } {
  return isKnownTrouble(thrown) ? { reason: messageOf(thrown) } : { err: thrown };
}

/** Why a change could not be judged, in a sentence for people. */
export function troubleText(thrown: unknown): string {
  if (thrown instanceof AbortError && thrown.reason === 'deadline')
    return 'the evaluation took longer than it may';
  return isKnownTrouble(thrown) ? messageOf(thrown) : defectText(thrown);
}

/** A defect as everybody may read it: no stack, and nothing of the server's directories. */
export function defectText(thrown: unknown): string {
  const [line = ''] = messageOf(thrown).split('\n', 1);
  return `a defect of modelgate: ${line.replaceAll(/(?:file:\/\/)?(?<![\w.])\/[^\s'"`),;]+/g, '…').slice(0, 300)}`;
}
