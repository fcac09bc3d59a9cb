import posix from 'node:path/posix';
import { createProblems } from '../problems.ts';
import { checkShape } from '../schema/check-shape.ts';
import type { Problem, Source, Span } from '../source.ts';
import { field, stringValue, type MappingNode, type YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import type { YamlLimits } from '../yaml/read-yaml.ts';
import { checkOutput } from './check-output.ts';
import { defaultSettings, type Output, type OutputSettings, type TrackedEntry } from './entry.ts';
import { maskSource } from './mask.ts';
import { readDocument } from './read-document.ts';
import { readEntry, type EntryContext } from './read-entry.ts';
import { dvcFileShape } from './shapes.ts';

/** What a `.dvc` file is, in the order in which DVC decides (specs dvc 1.7). */
export type DvcFileKind =
  | 'import'
  | 'import-url'
  | 'import-url-versioned'
  | 'partial-import'
  | 'import-db'
  | 'plain';

/** A `.dvc` file (specs dvc 1). */
export interface DvcFile {
  readonly kind: DvcFileKind;
  readonly outputs: readonly Output[];
  readonly dependencies: readonly TrackedEntry[];
}

/** What a reader of a metafile gives: `source` has its secrets masked and may be shown. */
export interface Read<Value> {
  readonly source: Source;
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
}

/** What readers need to know: the DVC root the file belongs to (`''`: the top), and the limits. */
export interface MetafileContext {
  readonly root: string;
  readonly limits: YamlLimits;
}

/** Reads a `.dvc` file: what DVC 3 rejects and what the gate is stricter about come as problems. */
export function readDvcFile(source: Source, context: MetafileContext): Read<DvcFile> {
  const document = readDocument(source, context.limits);
  const { root } = document;
  if (root === undefined)
    return { source: maskSource(source), value: undefined, problems: document.problems };
  const problems = createProblems([
    ...document.problems,
    ...checkShape(root, dvcFileShape),
    ...removedKeys(root),
  ]);
  const wdir = stringValue(field(root, 'wdir'));
  const base = { directory: posix.dirname(source.path), wdir, root: context.root };
  const entries: EntryContext = { base, problems };
  const dependencies = readEntries(field(root, 'deps'), 'deps', entries);
  const outs = field(root, 'outs');
  const read = readEntries(outs, 'outs', entries);
  const kind = kindOf(root, { dependencies, outputs: read });
  const outputs = read.map((entry): Output => ({ ...entry, ...settingsOf(nodeOf(outs, entry)) }));
  for (const output of outputs) problems.push(...checkOutput(output, kind));
  return {
    source: maskSource(source, secretSpans(root)),
    value: { kind, outputs, dependencies },
    problems: problems.list(),
  };
}

function readEntries(
  list: YamlNode | undefined,
  name: string,
  context: EntryContext,
): readonly TrackedEntry[] {
  if (list?.kind !== 'sequence') return [];
  return list.items.flatMap((item, index) => readEntry(item, joinPointer(name, index), context) ?? []);
}

/** The node that an entry was read from. */
function nodeOf(list: YamlNode | undefined, entry: TrackedEntry): YamlNode | undefined {
  const index = Number(entry.pointer.slice(entry.pointer.lastIndexOf('/') + 1));
  return list?.kind === 'sequence' ? list.items[index] : undefined;
}

/** `cache`, `push` and `remote` of an output's mapping. */
export function settingsOf(node: YamlNode | undefined): OutputSettings {
  return {
    cache: boolValue(field(node, 'cache')) ?? defaultSettings.cache,
    push: boolValue(field(node, 'push')) ?? defaultSettings.push,
    remote: stringValue(field(node, 'remote'))?.toLowerCase(),
  };
}

function boolValue(node: YamlNode | undefined): boolean | undefined {
  return node?.kind === 'scalar' && node.type === 'bool' ? node.value : undefined;
}

function kindOf(
  root: MappingNode,
  entries: { readonly dependencies: readonly TrackedEntry[]; readonly outputs: readonly TrackedEntry[] },
): DvcFileKind {
  const deps = field(root, 'deps');
  const dep = deps?.kind === 'sequence' && deps.items.length === 1 ? deps.items[0] : undefined;
  const [output, another] = entries.outputs;
  if (dep === undefined || output === undefined || another !== undefined) return 'plain';
  if (field(dep, 'repo') !== undefined) return 'import';
  if (!output.hashWritten && output.files === undefined && output.cloud === undefined)
    return 'partial-import';
  if (field(dep, 'db') !== undefined) return 'import-db';
  const versioned = field(dep, 'version_id') !== undefined || field(dep, 'files') !== undefined;
  return versioned || field(dep, 'cloud') !== undefined ? 'import-url-versioned' : 'import-url';
}

/** Keys that DVC 3.0 removed (specs dvc 1.2); version 2.58 still reads them. */
function removedKeys(root: MappingNode): readonly Problem[] {
  const problems = createProblems();
  function look(node: YamlNode, pointer: string, names: readonly string[]): void {
    for (const name of names) {
      const value = field(node, name);
      if (value === undefined) continue;
      const message = `\`${name}\` is refused by DVC 3.0 and later (it was read up to 2.58)`;
      problems.push({
        code: 'removed-key',
        message,
        span: keySpan(node, name) ?? value.span,
        pointer: joinPointer(pointer, name),
        repair: removedRepair(name),
      });
    }
  }
  look(root, '', ['cmd']);
  for (const [list, names] of [
    ['deps', ['params']],
    ['outs', ['metric', 'plot', 'checkpoint']],
  ] as const) {
    const entries = field(root, list);
    if (entries?.kind !== 'sequence') continue;
    for (const [index, item] of entries.items.entries()) look(item, joinPointer(list, index), names);
  }
  return problems.list();
}

function removedRepair(name: string): string {
  if (name === 'cmd' || name === 'params') return 'move the stage into dvc.yaml: dvc stage add';
  return `remove the line, and list the file under ${name === 'plot' ? 'plots' : 'metrics'} in dvc.yaml if it is one`;
}

function keySpan(node: YamlNode, name: string): Span | undefined {
  if (node.kind !== 'mapping') return undefined;
  return node.entries.find(({ key }) => key.kind === 'scalar' && key.text === name)?.key.span;
}

/** Settings of an import's repository and a database's connection may hold credentials (specs dvc 1.4, 3.2). */
function secretSpans(root: MappingNode): readonly Span[] {
  const deps = field(root, 'deps');
  if (deps?.kind !== 'sequence') return [];
  return deps.items.flatMap((dep) => {
    const repo = field(dep, 'repo');
    const nodes = [field(repo, 'config'), field(repo, 'remote'), field(field(dep, 'db'), 'connection')];
    const settings = nodes.filter(
      (node) => node !== undefined && (node.kind === 'mapping' || node === nodes[2]),
    );
    return settings.flatMap((node) => (node === undefined ? [] : [node.span]));
  });
}
