import { messageOf, UserError } from '../errors.ts';
import type { ConfigProblem } from './problems.ts';

/** Reads every secret of a part of the configuration once; a problem for each that cannot be had. */
export function checkSecrets(
  config: object,
  path: readonly (string | number)[] = [],
): readonly ConfigProblem[] {
  return Object.entries(config).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, Array.isArray(config) ? Number(key) : key];
    if (typeof value === 'object' && value !== null) return checkSecrets(value, here);
    if (typeof value !== 'function') return [];
    const message = trouble(() => Reflect.apply(value, undefined, []));
    return message === undefined ? [] : [{ path: here, on: 'value', message }];
  });
}

function trouble(secret: () => unknown): string | undefined {
  try {
    secret();
    return undefined;
  } catch (error) {
    return error instanceof UserError ? `${error.message}. ${error.remedy}` : messageOf(error);
  }
}
