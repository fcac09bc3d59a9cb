import { createProblems } from '../problems.ts';
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
  /** Outputs by path as written; of two the first. */
  readonly literals: ReadonlyMap<string, PipelineOutput>;
  readonly templates: readonly Template[];
}

/** An output whose path has templates in it: the texts around them. */
interface Template {
  readonly pieces: readonly string[];
  readonly settings: OutputSettings;
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
    problems: createProblems([...problems, ...checkShape(root, pipelineShape(root))]).list(),
  };
}

function readStage(name: string, node: YamlNode): PipelineStage {
  const body = field(node, 'do') ?? node;
  const wdir = stringValue(field(body, 'wdir'));
  return {
    name,
    many: body !== node || field(node, 'matrix') !== undefined,
    wdir: wdir === undefined || wdir.includes('${') ? undefined : wdir,
    ...byForm(['outs', 'metrics', 'plots'].flatMap((key) => readOutputs(field(body, key)))),
  };
}

function byForm(outputs: readonly PipelineOutput[]): Pick<PipelineStage, 'literals' | 'templates'> {
  const literals = new Map(outputs.toReversed().map((output) => [output.path, output]));
  const templates = outputs.filter(({ path }) => path.includes('${'));
  return {
    literals,
    templates: templates.map(({ path, settings }) => ({ pieces: piecesOf(path), settings })),
  };
}

/** A template that is never closed goes to the end. */
function piecesOf(path: string): readonly string[] {
  return path.split(/\$\{[^}]*(?:\}|$)/);
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

/** Each output of a lock file is compared with every template of its stage: more are none that a person wrote. */
const mostTemplates = 100;
const longestPath = 4096;

/** Joins an output of `dvc.lock` with its stage in `dvc.yaml`. */
export function howKept(stage: PipelineStage, path: string): Kept {
  const literal = stage.literals.get(path);
  if (literal !== undefined) return { kind: 'kept', settings: literal.settings };
  if (stage.templates.length > mostTemplates || path.length > longestPath) return { kind: 'unsure' };
  let best = -1;
  let fitting: Template[] = [];
  for (const template of stage.templates) {
    if (!fits(template, path)) continue;
    const weight = template.pieces.join('').length;
    if (weight > best) fitting = [];
    if (weight >= best) fitting.push(template);
    best = Math.max(best, weight);
  }
  const [first, ...others] = fitting;
  if (first === undefined) return { kind: 'gone' };
  const alike = others.every(({ settings }) => JSON.stringify(settings) === JSON.stringify(first.settings));
  return alike ? { kind: 'kept', settings: first.settings } : { kind: 'unsure' };
}

/** Whether the template can become the path: its literal pieces are in it, in order. */
function fits({ pieces }: Template, path: string): boolean {
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
