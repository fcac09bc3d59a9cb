import type { z } from 'zod';
import type { Severity } from '../../domain/finding.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import { defaultLimits } from '../../limits.ts';
import { zodProblems } from '../schema/zod-problems.ts';
import type { Problem, Source, Span } from '../source.ts';
import { readYaml, type YamlLimits } from '../yaml/read-yaml.ts';
import { coreScalars } from '../yaml/scalars.ts';
import { toPlain } from '../yaml/to-plain.ts';
import { notChecked, type NotChecked } from './not-checked.ts';
import { pipelineGlobs, type PlacedGlob } from './pipeline-globs.ts';
import { policySchema } from './schema.ts';

/** A policy file as it was read. */
export interface ReadPolicy {
  /** The defaults where there is a problem: a half-understood policy is not obeyed. */
  readonly value: Policy;
  /** The first hundred. */
  readonly problems: readonly Problem[];
  /** Keys that are right, and that this version does nothing about. */
  readonly notChecked: readonly NotChecked[];
  /** The globs of pipelines with their places; undefined: there are none. */
  readonly pipelineGlobs?: readonly PlacedGlob[] | undefined;
}

/** Reads a policy strictly: every key is known, every value checked, every problem at its place. */
export function readPolicy(
  source: Source,
  ruleIds: readonly string[],
  limits: YamlLimits = defaultLimits,
): ReadPolicy {
  const { documents, problems } = readYaml(source, { scalars: coreScalars, limits });
  if (problems.length > 0) return broken(problems);
  const [first, second] = documents.filter((document) => document.root !== undefined);
  if (second !== undefined) return refused('a second document starts here; a policy is one', second.span);
  const root = first?.root;
  if (root?.kind !== 'mapping') {
    const span = root?.span ?? { start: 0, end: Math.min(1, source.text.length) };
    return refused('the file holds no policy; it starts with "version: 1"', span, 'write version: 1');
  }
  const schema = policySchema(ruleIds);
  const parsed = schema.safeParse(toPlain(root));
  if (parsed.success) {
    const value = toPolicy(parsed.data);
    return { value, problems: [], notChecked: notChecked(root), pipelineGlobs: pipelineGlobs(root) };
  }
  return broken(zodProblems({ issues: firstOf(parsed.error.issues), root, schema }));
}

/** Placing and naming one takes time in proportion to the file: a hostile file must not make that time its square. */
const mostProblems = 100;

function firstOf(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  return issues
    .slice(0, mostProblems)
    .map((issue) =>
      issue.code === 'unrecognized_keys' ? { ...issue, keys: issue.keys.slice(0, mostProblems) } : issue,
    );
}

function broken(problems: readonly Problem[]): ReadPolicy {
  return { value: defaultPolicy, problems: problems.slice(0, mostProblems), notChecked: [] };
}

function refused(message: string, span: Span, repair?: string): ReadPolicy {
  return broken([{ code: 'invalid-value', message, span, pointer: '', repair }]);
}

function toPolicy(parsed: z.output<ReturnType<typeof policySchema>>): Policy {
  const { mode, profile, data, metrics, pipelines, production } = parsed;
  const rules: Record<string, Severity | 'off'> = {};
  for (const [id, severity] of Object.entries(parsed.rules)) {
    if (severity !== undefined) rules[id] = severity;
  }
  return { mode, profile, rules, data, metrics, pipelines, production };
}
