import { messageOf } from '../errors.ts';
import { pathText } from './problems.ts';

/** Reads every secret of a part of the configuration once; a line for each that cannot be had, with its setting. */
export function checkSecrets(config: object, path: readonly (string | number)[] = []): readonly string[] {
  return Object.entries(config).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, Array.isArray(config) ? Number(key) : key];
    if (typeof value === 'object' && value !== null) return checkSecrets(value, here);
    return typeof value === 'function'
      ? trouble(() => Reflect.apply(value, undefined, []), pathText(here))
      : [];
  });
}

function trouble(secret: () => unknown, setting: string): readonly string[] {
  try {
    secret();
    return [];
  } catch (error) {
    return [`${setting}: ${messageOf(error)}`];
  }
}
