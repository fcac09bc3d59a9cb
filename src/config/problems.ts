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
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => ({ path: [...path, key], on: 'key', message: unknownKey(key, known) }));
    }
    case 'invalid_union':
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
