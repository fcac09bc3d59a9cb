import type { core } from 'zod';
import { suggest } from '../domain/suggest.ts';
import { knownKeys } from '../formats/schema/zod-keys.ts';

/** One thing that is wrong, and the setting it is about. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  /** Whether the key itself is wrong, or what stands behind it. */
  readonly on: 'key' | 'value';
  /** Completes `listen.port: …`. */
  readonly message: string;
}

/** Zod's issues about the schema's input; of the alternatives of a union the one that the writer had in mind. */
export function configProblems(
  issues: readonly core.$ZodIssue[],
  schema: core.$ZodType,
): readonly ConfigProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], schema));
}

/** The path as people write it: `hosts[0].token`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}

function problemsOf(
  issue: core.$ZodIssue,
  base: readonly PropertyKey[],
  schema: core.$ZodType,
): ConfigProblem[] {
  const path = [...base, ...issue.path].map((step) => (typeof step === 'number' ? step : String(step)));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = [...new Set(knownKeys(schema, path))].filter((key) => !issue.keys.includes(key));
      return issue.keys.map((key) => ({ path: [...path, key], on: 'key', message: unknownKey(key, known) }));
    }
    case 'invalid_union':
      if (issue.errors.length === 0) return [{ path, on: 'value', message: wrongWord(issue, path) }];
      return meantBranch(issue.errors).flatMap((inner) => problemsOf(inner, path, schema));
    case 'invalid_key':
      return [
        {
          path,
          on: 'key',
          message: 'is no name; expected lower-case letters, digits and dashes, for example prod',
        },
      ];
    case 'invalid_type':
      return [{ path, on: 'value', message: wrongShape(issue, knownKeys(schema, path)) }];
    default:
      return [{ path, on: 'value', message: issue.message }];
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = suggest(key, known);
  return `is no setting; ${meant === undefined ? `expected one of ${known.join(', ')}` : `did you mean "${meant}"?`}`;
}

/** The word that says which group of keys is meant is missing, or is none of those that there are. */
function wrongWord(issue: core.$ZodIssueInvalidUnion, path: readonly unknown[]): string {
  const { input } = issue;
  // Zod tells the words, but its type does not.
  const options: unknown = Reflect.get(issue, 'options');
  const words = Array.isArray(options) ? options.map(String) : [];
  const expected = `expected one of ${words.join(', ')}`;
  const written: unknown =
    typeof input === 'object' && input !== null ? Reflect.get(input, String(path.at(-1))) : undefined;
  if (typeof written !== 'string')
    return `${written === undefined ? 'is missing' : 'has a wrong value'}; ${expected}`;
  const meant = suggest(written, words);
  return `is "${written}"; ${expected}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

/** Keys of an alternative that was begun are wrong inside; the others are wrong as a whole. */
function meantBranch(branches: readonly (readonly core.$ZodIssue[])[]): readonly core.$ZodIssue[] {
  const begun = branches.find((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys'),
  );
  return begun ?? branches[0] ?? [];
}

function wrongShape(issue: core.$ZodIssueInvalidType, known: readonly string[]): string {
  const found =
    issue.input === undefined ? 'is missing' : issue.input === null ? 'is empty' : 'has a wrong value';
  if (issue.message.startsWith('expected ')) return `${found}; ${issue.message}`;
  if (known.length > 0) return `${found}; expected a group of the keys ${known.join(', ')}`;
  return `${found}; expected ${issue.expected === 'array' ? 'a list' : 'named groups of keys'}`;
}
