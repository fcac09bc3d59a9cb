import type { core } from 'zod';
import type { Problem, Span } from '../source.ts';
import type { MappingEntry, MappingNode, YamlNode } from '../yaml/node.ts';
import { keyText } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import { describeNode, headOf } from './describe.ts';
import { suggest } from '../../domain/suggest.ts';
import { knownKeys } from './zod-keys.ts';

/** What zod said about a plain value, and the nodes and schema that the value came from. */
export interface ZodFailure {
  readonly issues: readonly core.$ZodIssue[];
  readonly root: YamlNode;
  readonly schema: core.$ZodType;
}

/** Nobody reads more, and looking for the nearest name costs time. */
const maxProblems = 1000;

/** Zod's issues as problems at their places, with the codes of `checkShape` where they fit, else `invalid-value`. */
export function zodProblems(failure: ZodFailure): readonly Problem[] {
  const indexed = { ...failure, entries: createEntryIndex() };
  const problems = failure.issues.slice(0, maxProblems).flatMap((issue) => problemsOf(issue, [], indexed));
  return problems.slice(0, maxProblems);
}

/** Finds entries by name; each mapping is looked through once, however many issues are about it. */
type EntryIndex = (node: MappingNode, name: string) => MappingEntry | undefined;

function createEntryIndex(): EntryIndex {
  const known = new Map<MappingNode, ReadonlyMap<string | undefined, MappingEntry>>();
  return (node, name) => {
    const entries = known.get(node) ?? new Map(node.entries.map((entry) => [keyText(entry), entry]));
    known.set(node, entries);
    return entries.get(name);
  };
}

interface Indexed extends ZodFailure {
  readonly entries: EntryIndex;
}

function problemsOf(
  issue: core.$ZodIssue,
  base: readonly PropertyKey[],
  failure: Indexed,
): readonly Problem[] {
  const path = [...base, ...issue.path];
  const target = find(failure, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = knownKeys(failure.schema, path);
      return issue.keys.slice(0, maxProblems).map((key) => unknownKey(key, target, keys));
    }
    case 'invalid_union': {
      const branch = bestBranch(issue.errors);
      if (branch === undefined) return [problem('wrong-type', issue.message, target)];
      return branch.slice(0, maxProblems).flatMap((inner) => problemsOf(inner, path, failure));
    }
    case 'invalid_value':
      return [wrongValue(issue.values.map(String), target)];
    case 'invalid_type':
      if (target.node === undefined)
        return [problem('missing-field', `${quote(target.name)} is missing`, target)];
      return [
        problem(
          'wrong-type',
          `${quote(target.name)} must be ${kind(issue.expected)}; found ${describeNode(target.node)}`,
          target,
        ),
      ];
    default:
      return [problem('invalid-value', `${quote(target.name)}: ${issue.message}`, target)];
  }
}

interface Target {
  /** undefined when the path leads to nothing. */
  readonly node: YamlNode | undefined;
  readonly span: Span;
  readonly pointer: string;
  readonly name: string;
  readonly entries: EntryIndex;
}

/** The node at a path; where it ends early, the place of the last thing that is there. */
function find({ root, entries }: Indexed, path: readonly PropertyKey[]): Target {
  let node: YamlNode | undefined = root;
  let span = headOf(root, undefined);
  let pointer = '';
  for (const step of path) {
    pointer = joinPointer(pointer, typeof step === 'number' ? step : String(step));
    const entry: MappingEntry | undefined =
      node?.kind === 'mapping' ? entries(node, String(step)) : undefined;
    node = node?.kind === 'sequence' ? node.items[Number(step)] : entry?.value;
    if (node === undefined) break;
    span = headOf(node, entry?.key.span);
  }
  return { node, span, pointer, name: String(path.at(-1) ?? ''), entries };
}

function unknownKey(key: string, target: Target, known: readonly string[]): Problem {
  const meant = suggest(key, known);
  const { node } = target;
  const written = node?.kind === 'mapping' ? target.entries(node, key)?.key.span : undefined;
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return {
    code: 'unknown-field',
    message: `${target.name === '' ? 'the file' : quote(target.name)} has no field "${key}"${hint}`,
    span: written ?? target.span,
    pointer: joinPointer(target.pointer, key),
    repair: meant === undefined ? `remove ${key}` : `write ${meant}: instead of ${key}:`,
  };
}

function wrongValue(values: readonly string[], target: Target): Problem {
  if (target.node === undefined) return problem('missing-field', `${quote(target.name)} is missing`, target);
  const expected = values.length === 1 ? values[0] : `one of ${values.join(', ')}`;
  const meant = target.node.kind === 'scalar' ? suggest(target.node.text, values) : undefined;
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return {
    ...problem(
      'unknown-enum',
      `${quote(target.name)} must be ${expected}; found ${describeNode(target.node)}${hint}`,
      target,
    ),
    repair: meant === undefined ? undefined : `write ${target.name}: ${meant}`,
  };
}

function problem(code: string, message: string, target: Target): Problem {
  return { code, message, span: target.span, pointer: target.pointer };
}

/** Of the alternatives of a union the one that was understood furthest; of equals the one with the fewest issues. */
function bestBranch(branches: readonly (readonly core.$ZodIssue[])[]): readonly core.$ZodIssue[] | undefined {
  return [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

function depth(issues: readonly core.$ZodIssue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

function kind(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[expected] ?? expected;
}

function quote(name: string): string {
  return name === '' ? 'this' : `"${name}"`;
}
