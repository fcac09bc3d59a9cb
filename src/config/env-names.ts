import type { JsonSchema } from './to-json-schema.ts';

/** A setting that a variable of the environment can give. */
export interface EnvSetting {
  readonly name: string;
  readonly path: readonly string[];
}

/** Every setting that is one value at a fixed path, with its variable: `listen.port`, `MODELGATE_LISTEN_PORT`. */
export function envSettings(schema: JsonSchema, path: readonly string[] = []): readonly EnvSetting[] {
  if (schema.items !== undefined || typeof schema.additionalProperties === 'object') return [];
  if (schema.properties === undefined) return path.length === 0 ? [] : [{ name: envName(path), path }];
  return Object.entries(schema.properties).flatMap(([key, inner]) => envSettings(inner, [...path, key]));
}

/** `['listen', 'publicUrl']` is `MODELGATE_LISTEN_PUBLIC_URL`. */
export function envName(path: readonly string[]): string {
  const words = path.map((step) => step.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  return ['MODELGATE', ...words].join('_');
}
