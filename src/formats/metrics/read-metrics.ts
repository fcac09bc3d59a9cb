import { createSource } from '../source.ts';
import { decodeUtf8 } from '../yaml/decode.ts';
import { readYaml, type YamlLimits } from '../yaml/read-yaml.ts';
import { coreScalars } from '../yaml/scalars.ts';
import { toPlain } from '../yaml/to-plain.ts';

/**
 * The numbers of a metrics file, JSON or YAML, by name; nested ones under `a.b`. What is no number is left out, and so
 * is a file that cannot be read: a metric with a limit is missed by name.
 */
export function readMetrics(
  path: string,
  bytes: Buffer,
  limits: YamlLimits,
): Readonly<Record<string, number>> {
  const { text } = decodeUtf8(bytes);
  if (text === undefined) return {};
  const { documents, problems } = readYaml(createSource(path, text), { scalars: coreScalars, limits });
  const root = documents[0]?.root;
  if (problems.length > 0 || root === undefined) return {};
  return Object.fromEntries(numbersOf(toPlain(root), ''));
}

function numbersOf(value: unknown, name: string): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  const below = name === '' ? '' : `${name}.`;
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, below + key));
}
