import { RetryableError } from '../../../src/errors.ts';

/** The process is gone, and all of its memory. */
export class Died extends Error {}

/** What happens to a call. */
export type Mishap = 'none' | 'refused' | 'answer-lost' | 'died-before' | 'died-after';

/**
 * A port each of whose calls may go wrong: before it is made, or after it was made and before anybody knows. What is no
 * function of a promise (addresses, lists that are walked) is left as it is.
 */
export function faulty<Port extends object>(
  port: Port,
  name: string,
  mishapOf: (call: string) => Mishap,
): Port {
  const wrapped: Record<string, unknown> = Object.fromEntries(Object.entries(port));
  for (const [key, value] of Object.entries(port)) {
    if (typeof value !== 'function' || key === 'list' || key.endsWith('Url')) continue;
    wrapped[key] = async (...all: unknown[]) => {
      const call = `${name}.${key}`;
      const mishap = mishapOf(call);
      if (mishap === 'refused') throw new RetryableError(`${call} was refused`);
      if (mishap === 'died-before') throw new Died(`died before ${call}`);
      const answer: unknown = await Reflect.apply(value, port, all);
      if (mishap === 'answer-lost') throw new RetryableError(`the answer to ${call} was lost`);
      if (mishap === 'died-after') throw new Died(`died after ${call}`);
      return answer;
    };
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same members, wrapped
  return wrapped as Port;
}
