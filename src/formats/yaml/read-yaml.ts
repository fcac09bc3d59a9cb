import type { Limits } from '../../limits.ts';
import type { Problem, Source, Span } from '../source.ts';
import { buildDocuments } from './build-documents.ts';
import { findConflicts } from './conflict-markers.ts';
import type { YamlNode } from './node.ts';
import { parseToEvents } from './parse-events.ts';
import type { ScalarRules } from './scalars.ts';

/** One document of a file. `root` is undefined when nothing is written in it. */
export interface YamlDocument {
  readonly root: YamlNode | undefined;
  readonly span: Span;
}

/** What a file holds. After a problem of code `syntax`, `limit` or `conflict-marker` there are no documents. */
export interface YamlFile {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/** The limits that reading YAML obeys; the message of a problem `limit` names the one that was met. */
export type YamlLimits = Pick<Limits, 'fileBytes' | 'yamlDepth' | 'yamlNodes' | 'yamlAliases'>;

/** How plain scalars are typed, and what is too much. `merge`: resolve `<<` (default true). */
export interface ReadOptions {
  readonly scalars: ScalarRules;
  readonly limits: YamlLimits;
  readonly merge?: boolean;
}

/**
 * Reads YAML into positioned nodes; offsets are UTF-16 units of `source.text`. Never throws: what is wrong comes
 * as problems with the codes `limit`, `conflict-marker`, `syntax`, `duplicate-key`, `unknown-tag`,
 * `unknown-alias`, `recursive-alias`, `merge-key` and `scalar`.
 */
export function readYaml(source: Source, options: ReadOptions): YamlFile {
  const { text } = source;
  const { fileBytes, yamlDepth } = options.limits;
  if (isLonger(text, fileBytes))
    return refuse(limitProblem(`larger than ${fileBytes} bytes (limit fileBytes)`));
  const conflicts = findConflicts(text);
  if (conflicts.length > 0) return { documents: [], problems: conflicts };
  const parsed = parseToEvents(text, yamlDepth);
  if (parsed.problem !== undefined) return refuse(parsed.problem);
  return buildDocuments(source, parsed.events, options);
}

function refuse(problem: Problem): YamlFile {
  return { documents: [], problems: [problem] };
}

function limitProblem(message: string): Problem {
  return { code: 'limit', message, span: { start: 0, end: 0 }, pointer: '' };
}

function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}
