import { messageOf, UserError } from '../errors.ts';
import { keyText, type YamlNode } from '../formats/yaml/node.ts';
import { readYaml } from '../formats/yaml/read-yaml.ts';
import { coreScalars } from '../formats/yaml/scalars.ts';
import { toPlain, type Plain } from '../formats/yaml/to-plain.ts';
import { createSource, type Problem, type Source, type Span } from '../formats/source.ts';
import { defaultLimits } from '../limits.ts';

/** Settings by their keys. */
export interface Group {
  readonly [key: string]: Plain;
}

/** A configuration file, as plain values that know where they were written. */
export interface ConfigFile {
  readonly value: Group;
  /** `modelgate.yaml:3:9` of the key or value at a path, or of the nearest thing around it that is written. */
  placeOf(path: readonly (string | number)[], on: 'key' | 'value'): string;
}

/** The file's values, or every problem that keeps it from being read, each with its place. */
export type ReadConfigFile =
  | { readonly kind: 'file'; readonly file: ConfigFile }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** Reads a configuration file; `path` is for messages alone, and `text` its content. Never throws. */
export function readConfigFile(path: string, text: string): ReadConfigFile {
  const source = createSource(path, text);
  const { documents, problems } = readYaml(source, { scalars: coreScalars, limits: defaultLimits });
  const wrong = problems.map(
    (problem) => `${placed(source, problem.span)} ${problem.message}${variableHint(source, problem)}`,
  );
  const written = documents.filter((document) => document.root !== undefined);
  const [, second] = written;
  if (second !== undefined)
    wrong.push(`${placed(source, second.span)} a second document starts here; expected one`);
  const root = written[0]?.root;
  const value = root === undefined || isEmpty(root) ? {} : toPlain(root);
  if (!isGroup(value))
    wrong.push(
      `${placed(source, root?.span)} expected settings such as listen: and hosts:, each with its value`,
    );
  if (wrong.length > 0 || !isGroup(value)) return { kind: 'wrong', problems: wrong };
  return { kind: 'file', file: { value, placeOf: (path, on) => placed(source, spanAt(root, path, on)) } };
}

/** The text of the file, or undefined when there is none. @throws UserError `config-unreadable` */
export function readConfigText(
  path: string,
  readFile: (path: string) => string | undefined,
): string | undefined {
  try {
    return readFile(path);
  } catch (error) {
    const remedy = 'Make it a file that modelgate may read, or name another one with --config.';
    throw new UserError('config-unreadable', `${path} cannot be read: ${messageOf(error)}`, remedy, {
      cause: error,
    });
  }
}

/** Keys and values, not a list. */
export function isGroup(value: Plain): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(root: YamlNode): boolean {
  return root.kind === 'scalar' && root.type === 'null';
}

function placed(source: Source, span: Span | undefined): string {
  const { line, column } = source.placeOf(span ?? { start: 0, end: 0 });
  return `${source.path}:${line}:${column}`;
}

/** `[${HOOK}]` is no YAML, because `{` has a meaning inside brackets and braces. */
function variableHint(source: Source, { span }: Problem): string {
  const { lines } = source.excerptOf(source.placeOf(span), 0);
  const inFlow = lines.some((line) => /[[{,]\s*(?:\w+:\s*)?\$\{/.test(line));
  return inFlow ? '; inside [ ] and { } a variable is quoted: "${NAME}"' : '';
}

/** A group has no good place of its own: its key stands for it. */
function spanAt(
  root: YamlNode | undefined,
  path: readonly (string | number)[],
  on: 'key' | 'value',
): Span | undefined {
  let node = root;
  let span = root?.span;
  for (const step of path) {
    const entry =
      node?.kind === 'mapping'
        ? node.entries.findLast((candidate) => keyText(candidate) === step)
        : undefined;
    node = node?.kind === 'sequence' ? node.items[Number(step)] : entry?.value;
    if (node === undefined) return span;
    const written = node.kind === 'scalar' && node.span.end > node.span.start && on === 'value';
    span = written ? node.span : (entry?.key.span ?? node.span);
  }
  return span;
}
