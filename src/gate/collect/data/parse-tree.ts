import type { Oid } from '../../../domain/repository.ts';
import type { Unknown } from '../../../domain/verdict.ts';
import { readDvcConfig, type DvcConfig } from '../../../formats/dvc/config.ts';
import { readDvcFile, type MetafileContext } from '../../../formats/dvc/read-dvc-file.ts';
import { readLockFile } from '../../../formats/dvc/read-lock-file.ts';
import { readPipelineFile, stageOf, type PipelineFile } from '../../../formats/dvc/read-pipeline-file.ts';
import type { Problem, Source } from '../../../formats/source.ts';
import type { Limits } from '../../../limits.ts';
import type { Blob } from '../../../ports/snapshots.ts';
import type { CommittedSecret, Metafile } from '../../../rules/data/model.ts';
import type { ParseTurns } from '../parse-turns.ts';
import { textOf, type FileText } from './read-files.ts';
import type { SelectedFile } from './select-files.ts';
import { outputsOfDvcFile, outputsOfLock, type TrackedOutput } from './tracked-output.ts';

/** A DVC project of one tree. */
export interface Project {
  readonly root: string;
  /** undefined: it cannot be read, which is a finding. */
  readonly config: DvcConfig | undefined;
}

/** The metafiles of one tree, read. */
export interface ParsedTree {
  readonly metafiles: readonly Metafile[];
  readonly outputs: readonly TrackedOutput[];
  /** Paths of metafiles that may track more than `outputs` says, because they cannot be read, or not all of them. */
  readonly unread: ReadonlySet<string>;
  readonly projects: ReadonlyMap<string, Project>;
  readonly unknowns: readonly Unknown[];
  readonly secrets: readonly CommittedSecret[];
  /** Files that were not parsed, because the check had parsed enough. */
  readonly skipped: number;
}

interface Parsing {
  readonly blobs: ReadonlyMap<Oid, Blob>;
  readonly limits: Limits;
  readonly metafiles: Metafile[];
  readonly outputs: TrackedOutput[];
  readonly unread: Set<string>;
  readonly projects: Map<string, Project>;
  readonly unknowns: Unknown[];
  readonly secrets: CommittedSecret[];
  readonly turns: ParseTurns;
  skipped: number;
  /** Problems of the files so far. */
  problems: number;
}

/** Beyond so many problems of a tree each file keeps its first one alone. */
const mostProblems = 20_000;

/** Reads the selected files of one tree: configs, then `.dvc` files, then pairs of `dvc.yaml` and `dvc.lock`. */
export async function parseTree(
  files: readonly SelectedFile[],
  blobs: ReadonlyMap<Oid, Blob>,
  { limits, turns }: { readonly limits: Limits; readonly turns: ParseTurns },
): Promise<ParsedTree> {
  const parsing: Parsing = {
    blobs,
    limits,
    metafiles: [],
    outputs: [],
    unread: new Set(files.filter(({ kind }) => kind !== 'config').map(({ entry }) => entry.path)),
    projects: new Map(),
    unknowns: [],
    secrets: [],
    turns,
    skipped: 0,
    problems: 0,
  };
  const kept = withinLimit(files, parsing);
  const pipelines = new Map<string, PipelineFile | undefined>();
  for (const file of kept.filter(({ kind }) => kind === 'config')) await parseConfig(file, parsing);
  for (const file of kept.filter(({ kind }) => kind === 'pipeline')) {
    const read = await parseFile(file, parsing, readPipelineFile);
    pipelines.set(file.entry.path, read?.value);
  }
  for (const file of kept) {
    if (file.kind === 'dvc') {
      const read = await parseFile(file, parsing, readDvcFile);
      if (read?.value !== undefined)
        parsing.outputs.push(...outputsOfDvcFile(read.value, read.source, file.root));
    } else if (file.kind === 'lock') {
      await parseLock(file, pipelines.get(file.entry.path.replace(/lock$/, 'yaml')), parsing);
    }
  }
  const { outputs, unread, projects, unknowns, secrets, skipped } = parsing;
  const metafiles = markOutside(parsing.metafiles, kept);
  return { metafiles, outputs, unread, projects, unknowns, secrets, skipped };
}

/** The file's text in its turn; undefined: the check has parsed enough. */
async function nextText(file: SelectedFile, parsing: Parsing): Promise<FileText | undefined> {
  await parsing.turns.next();
  const blob = parsing.blobs.get(file.entry.oid);
  const bytes = blob?.kind === 'bytes' ? blob.bytes.length : 0;
  if (parsing.turns.spend(bytes)) return textOf(file, parsing.blobs, parsing.limits.fileBytes);
  parsing.skipped += 1;
  return undefined;
}

async function parseConfig(file: SelectedFile, parsing: Parsing): Promise<void> {
  const root = file.root ?? '';
  const text = await nextText(file, parsing);
  if (text?.kind === 'text') {
    const { value, problems, credentials } = readDvcConfig(text.source);
    parsing.secrets.push(...credentials.map((credential) => ({ source: value.source, credential })));
    addMetafile(parsing, value.source, problems);
    const broken = problems.some(({ code }) => code === 'syntax' || code === 'conflict-marker');
    parsing.projects.set(root, { root, config: broken ? undefined : value });
    return;
  }
  parsing.projects.set(root, { root, config: undefined });
  if (text === undefined) return;
  if (text.kind === 'unknown') parsing.unknowns.push(text.unknown);
  else addMetafile(parsing, text.source, [text.problem]);
}

async function parseLock(
  file: SelectedFile,
  pipeline: PipelineFile | undefined,
  parsing: Parsing,
): Promise<void> {
  function wdirOf(stage: string): string | undefined {
    return pipeline === undefined ? undefined : stageOf(pipeline, stage)?.wdir;
  }
  const { path } = file.entry;
  const read = await parseFile(file, parsing, (source, context) =>
    readLockFile(source, { ...context, wdirOf }),
  );
  // What is kept of the stages stands in dvc.yaml.
  if (parsing.unread.has(path.replace(/lock$/, 'yaml'))) parsing.unread.add(path);
  if (read?.value === undefined || pipeline === undefined) return;
  parsing.outputs.push(...outputsOfLock(read.value, pipeline, { source: read.source, root: file.root }));
}

interface ReadFile<Value> {
  readonly source: Source;
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
}

async function parseFile<Value>(
  file: SelectedFile,
  parsing: Parsing,
  read: (source: Source, context: MetafileContext) => ReadFile<Value>,
): Promise<ReadFile<Value> | undefined> {
  const text = await nextText(file, parsing);
  if (text === undefined) return undefined;
  if (text.kind === 'unknown') {
    parsing.unknowns.push(text.unknown);
    return undefined;
  }
  if (text.kind === 'problem') {
    addMetafile(parsing, text.source, [text.problem]);
    return undefined;
  }
  const result = read(text.source, { root: file.root ?? '', limits: parsing.limits });
  addMetafile(parsing, result.source, result.problems);
  if (result.value !== undefined && result.problems.length === 0) parsing.unread.delete(file.entry.path);
  return result;
}

/** What goes beyond a limit is unknown, not wrong. */
function addMetafile(parsing: Parsing, source: Metafile['source'], problems: readonly Problem[]): void {
  for (const { code, message, repair } of problems) {
    if (code !== 'limit') continue;
    const remedy = repair ?? 'raise the limit in the server configuration, or split the file';
    parsing.unknowns.push({ what: `file ${source.path}`, cause: 'limit', message, remedy });
  }
  const own = problems.filter(({ code }) => code !== 'limit');
  const kept = parsing.problems < mostProblems ? own : own.slice(0, 1);
  parsing.problems += kept.length;
  parsing.metafiles.push({ source, problems: kept, outsideProject: undefined });
}

function withinLimit(files: readonly SelectedFile[], parsing: Parsing): readonly SelectedFile[] {
  const most = parsing.limits.files;
  if (files.length <= most) return files;
  // Without its configuration a project would look as if it had no remote.
  const configs = files.filter(({ kind }) => kind === 'config');
  parsing.unknowns.push({
    what: `${files.length - most} DVC files`,
    cause: 'limit',
    message: `${files.length} DVC files are in question, and ${most} are read`,
    remedy: 'raise limits.files in the server configuration, or set data.scope to changed in the policy',
  });
  return [
    ...configs,
    ...files.filter(({ kind }) => kind !== 'config').slice(0, Math.max(0, most - configs.length)),
  ];
}

/** One finding for all files outside of DVC projects, at the first of them. */
function markOutside(metafiles: readonly Metafile[], files: readonly SelectedFile[]): readonly Metafile[] {
  const outside = new Set(files.filter(({ root }) => root === undefined).map(({ entry }) => entry.path));
  const first = metafiles.find(({ source }) => outside.has(source.path));
  return metafiles.map((file) => (file === first ? { ...file, outsideProject: outside.size } : file));
}
