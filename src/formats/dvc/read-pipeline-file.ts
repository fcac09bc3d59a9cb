import { checkShape } from '../schema/check-shape.ts';
import type { Source } from '../source.ts';
import { field, keyText, stringValue, type MappingEntry, type YamlNode } from '../yaml/node.ts';
import { defaultSettings, type OutputSettings } from './entry.ts';
import { maskSource } from './mask.ts';
import { pipelineShape } from './pipeline-shape.ts';
import { settingsOf, type MetafileContext, type Read } from './read-dvc-file.ts';
import { readDocument } from './read-document.ts';

/** An output as `dvc.yaml` writes it, templates unresolved, and how it is kept. */
export interface PipelineOutput {
  readonly path: string;
  readonly settings: OutputSettings;
}

/** A stage of `dvc.yaml`. */
export interface PipelineStage {
  readonly name: string;
  /** It stands for several stages, `name@item` each. */
  readonly many: boolean;
  /** undefined also where it is a template. */
  readonly wdir: string | undefined;
  readonly outputs: readonly PipelineOutput[];
}

/** A `dvc.yaml`, as far as it can be read without resolving templates (specs dvc 2.1, 2.2). */
export interface PipelineFile {
  readonly stages: ReadonlyMap<string, PipelineStage>;
}

/** Reads `dvc.yaml`. */
export function readPipelineFile(source: Source, context: MetafileContext): Read<PipelineFile> {
  const { root, problems } = readDocument(source, context.limits);
  const shown = maskSource(source);
  if (root === undefined) return { source: shown, value: undefined, problems };
  const stages = new Map<string, PipelineStage>();
  const written = field(root, 'stages');
  for (const entry of written?.kind === 'mapping' ? written.entries : []) {
    const name = keyText(entry);
    if (name !== undefined) stages.set(name, readStage(name, entry.value));
  }
  return {
    source: shown,
    value: { stages },
    problems: [...problems, ...checkShape(root, pipelineShape(root))],
  };
}

function readStage(name: string, node: YamlNode): PipelineStage {
  const body = field(node, 'do') ?? node;
  const wdir = stringValue(field(body, 'wdir'));
  return {
    name,
    many: body !== node || field(node, 'matrix') !== undefined,
    wdir: wdir === undefined || wdir.includes('${') ? undefined : wdir,
    outputs: ['outs', 'metrics', 'plots'].flatMap((key) => readOutputs(field(body, key))),
  };
}

function readOutputs(list: YamlNode | undefined): readonly PipelineOutput[] {
  if (list?.kind !== 'sequence') return [];
  return list.items.flatMap((item): readonly PipelineOutput[] => {
    if (item.kind === 'scalar') return [{ path: item.text, settings: defaultSettings }];
    return item.kind === 'mapping' ? item.entries.flatMap(readOutput) : [];
  });
}

function readOutput(entry: MappingEntry): readonly PipelineOutput[] {
  const path = keyText(entry);
  if (path === undefined) return [];
  const settings = entry.value.kind === 'sequence' ? entry.value.items[0] : entry.value;
  return [{ path, settings: settingsOf(settings) }];
}

/** The stage of `dvc.yaml` that a stage of `dvc.lock` belongs to; undefined: it is there no more. */
export function stageOf(pipeline: PipelineFile, lockName: string): PipelineStage | undefined {
  const exact = pipeline.stages.get(lockName);
  if (exact !== undefined) return exact;
  const stage = pipeline.stages.get(lockName.split('@')[0] ?? lockName);
  return stage?.many === true ? stage : undefined;
}

/**
 * How the output of a lock entry is kept: the literal path decides, else the template with the most literal text
 * that fits it. `gone`: the stage has no such output (any more), so that DVC ignores the entry (specs dvc 2.4).
 */
export type Kept =
  | { readonly kind: 'kept'; readonly settings: OutputSettings }
  | { readonly kind: 'gone' }
  /** Templates that fit alike say different things. */
  | { readonly kind: 'unsure' };

/** Joins an output of `dvc.lock` with its stage in `dvc.yaml`. */
export function howKept(stage: PipelineStage, path: string): Kept {
  const literal = stage.outputs.find((output) => output.path === path);
  if (literal !== undefined) return { kind: 'kept', settings: literal.settings };
  let best = -1;
  let fitting: PipelineOutput[] = [];
  for (const output of stage.outputs) {
    if (!fits(output.path, path)) continue;
    const weight = output.path.replace(/\$\{[^}]*\}/g, '').length;
    if (weight > best) fitting = [];
    if (weight >= best) fitting.push(output);
    best = Math.max(best, weight);
  }
  const [first, ...others] = fitting;
  if (first === undefined) return { kind: 'gone' };
  const alike = others.every(({ settings }) => JSON.stringify(settings) === JSON.stringify(first.settings));
  return alike ? { kind: 'kept', settings: first.settings } : { kind: 'unsure' };
}

/** Whether the template can become the path: its literal pieces are in it, in order. */
function fits(template: string, path: string): boolean {
  if (!template.includes('${')) return false;
  const pieces = template.split(/\$\{[^}]*\}/);
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (!path.startsWith(first) || !path.endsWith(last) || path.length < first.length + last.length)
    return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= path.length - last.length;
}
