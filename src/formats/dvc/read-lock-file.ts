import posix from 'node:path/posix';
import { createProblems } from '../problems.ts';
import { checkShape } from '../schema/check-shape.ts';
import type { Problem, Source } from '../source.ts';
import { field, keyText, stringValue, type MappingNode, type YamlNode } from '../yaml/node.ts';
import { joinPointer } from '../yaml/pointer.ts';
import type { TrackedEntry } from './entry.ts';
import { maskSource } from './mask.ts';
import type { MetafileContext, Read } from './read-dvc-file.ts';
import { readDocument } from './read-document.ts';
import { readEntry, type EntryContext } from './read-entry.ts';
import { lockFileShape } from './shapes.ts';

/** A stage of `dvc.lock`. `name` may have a part after `@`: one of a foreach or matrix stage. */
export interface LockStage {
  readonly name: string;
  readonly outputs: readonly TrackedEntry[];
  readonly dependencies: readonly TrackedEntry[];
}

/** A `dvc.lock` of format 2.0 (specs dvc 2.4). */
export interface LockFile {
  readonly stages: readonly LockStage[];
}

/** Reads `dvc.lock`. `wdirOf` gives the `wdir` of a stage, which only `dvc.yaml` knows. */
export function readLockFile(
  source: Source,
  context: MetafileContext & { wdirOf(stage: string): string | undefined },
): Read<LockFile> {
  const document = readDocument(source, context.limits);
  const { root } = document;
  const shown = maskSource(source);
  if (root === undefined) return { source: shown, value: undefined, problems: document.problems };
  const refused = refuseFormat(root);
  if (refused !== undefined)
    return { source: shown, value: undefined, problems: [...document.problems, refused] };
  const problems = createProblems([...document.problems, ...checkShape(root, lockFileShape)]);
  const stages = field(root, 'stages');
  const read: LockStage[] = [];
  for (const entry of stages?.kind === 'mapping' ? stages.entries : []) {
    const name = keyText(entry);
    if (name === undefined) continue;
    const base = { directory: posix.dirname(source.path), wdir: context.wdirOf(name), root: context.root };
    read.push(readStage(name, entry.value, { base, problems }));
  }
  return { source: shown, value: { stages: read }, problems: problems.list() };
}

function readStage(name: string, node: YamlNode, context: EntryContext): LockStage {
  const pointer = joinPointer('stages', name);
  function entries(key: 'deps' | 'outs'): readonly TrackedEntry[] {
    const list = field(node, key);
    if (list?.kind !== 'sequence') return [];
    const at = joinPointer(pointer, key);
    return list.items.flatMap((item, index) => readEntry(item, joinPointer(at, index), context) ?? []);
  }
  return { name, outputs: lastOfEach(entries('outs')), dependencies: lastOfEach(entries('deps')) };
}

/** Of two entries with one path DVC takes the last (specs dvc 2.4). */
function lastOfEach(entries: readonly TrackedEntry[]): readonly TrackedEntry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}

function refuseFormat(root: MappingNode): Problem | undefined {
  const schema = field(root, 'schema');
  if (schema === undefined) {
    const old =
      root.entries.length > 0 && root.entries.every(({ value }) => field(value, 'cmd') !== undefined);
    const message = old
      ? 'the lock file is of format 1.0 (stages on the top level, no `schema`), which DVC 3.0 and later refuse'
      : 'the lock file has no `schema`; DVC refuses it';
    const repair = old ? 'let DVC 2.x write it anew: dvc commit --force' : "schema: '2.0'";
    return {
      code: 'lock-format',
      message,
      span: { start: root.span.start, end: root.span.start },
      pointer: '',
      repair,
    };
  }
  if (stringValue(schema) === '2.0') return undefined;
  const message = "`schema` is not the text '2.0'; DVC refuses the file";
  return { code: 'lock-format', message, span: schema.span, pointer: 'schema', repair: "schema: '2.0'" };
}
