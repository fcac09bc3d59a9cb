import type { Unknown } from '../../domain/verdict.ts';
import { looksLikePipeline, mayBePipeline } from '../../formats/kfp/looks-like-pipeline.ts';
import type { PipelineFile, PipelineModel } from '../../formats/kfp/pipeline-model.ts';
import { isPipelineDocument, readPipelineFile } from '../../formats/kfp/read-pipeline-file.ts';
import { createSource } from '../../formats/source.ts';
import { decodeUtf8 } from '../../formats/yaml/decode.ts';
import type { Blob } from '../../ports/snapshots.ts';
import type { Collected, CollectDeps, Facts } from '../check.ts';
import { choosePipelines } from './choose-pipelines.ts';
import type { Candidate } from './choose-pipelines.ts';

/**
 * Reads the pipelines of the judged tree: the files that the policy names, else every changed YAML or JSON file
 * whose content is a pipeline. The base model is the same files in the target. One batch of reads.
 */
export async function collectPipelines(
  facts: Facts,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<Collected<PipelineModel>> {
  const { limits, trees } = deps;
  const chosen = choosePipelines(facts);
  const candidates = chosen.slice(0, limits.files);
  const oids = candidates.flatMap(({ now, before }) => [now, before].filter((oid) => oid !== undefined));
  const blobs = await trees.read([...new Set(oids)], limits.fileBytes, signal);
  const files: PipelineFile[] = [];
  const baseFiles: PipelineFile[] = [];
  const unknowns: Unknown[] =
    chosen.length > candidates.length ? [tooManyFiles(chosen.length, limits.files)] : [];
  for (const candidate of candidates) {
    signal.throwIfAborted();
    const before =
      candidate.before && readBlob(candidate, blobs.get(candidate.before), { deps, known: false });
    if (before?.file !== undefined) baseFiles.push(before.file);
    const known = candidate.named || before?.file !== undefined;
    const now = candidate.now && readBlob(candidate, blobs.get(candidate.now), { deps, known });
    if (now?.file !== undefined) files.push(now.file);
    if (now?.unknown !== undefined) unknowns.push(now.unknown);
  }
  const counts = { pipelines: files.length };
  return { model: { files }, baseModel: { files: baseFiles }, unknowns, wanted: [], counts, differences: [] };
}

interface Read {
  readonly file?: PipelineFile;
  readonly unknown?: Unknown;
}

/** `known`: it is a pipeline by name or by its past, so that not being able to read it matters. */
function readBlob(
  { path, named }: Candidate,
  blob: Blob | undefined,
  { deps, known }: { deps: CollectDeps; known: boolean },
): Read {
  if (blob === undefined || blob.kind === 'missing') return known ? { unknown: unreadable(path) } : {};
  if (blob.kind === 'too-large') {
    const message = `${blob.size} bytes are more than ${deps.limits.fileBytes} (limit fileBytes)`;
    return known ? { unknown: overLimit(path, message) } : {};
  }
  const decoded = decodeUtf8(blob.bytes);
  const source = createSource(path, decoded.text ?? decoded.lossy);
  if (!named && !known && !mayBePipeline(source.text)) return {};
  if (decoded.problem !== undefined) {
    if (!known) return {};
    return { file: { source, named, problems: [decoded.problem], documents: [] } };
  }
  const { file, limit } = readPipelineFile(source, { limits: deps.limits, named });
  if (limit !== undefined)
    return known || looksLikePipeline(source.text) ? { unknown: overLimit(path, limit.message) } : {};
  const counts = named || isPipeline(file, known);
  return counts ? { file } : {};
}

function isPipeline(file: PipelineFile, known: boolean): boolean {
  if (file.problems.length > 0) return known || looksLikePipeline(file.source.text);
  return file.documents.some(isPipelineDocument);
}

function overLimit(path: string, message: string): Unknown {
  return {
    what: `file ${path}`,
    cause: 'limit',
    message,
    remedy: "raise this limit below `limits` in the server's configuration, or make the file smaller",
  };
}

function unreadable(path: string): Unknown {
  return {
    what: `file ${path}`,
    cause: 'unreachable',
    message: 'its content could not be fetched',
    remedy: undefined,
  };
}

function tooManyFiles(found: number, limit: number): Unknown {
  return {
    what: 'pipeline files',
    cause: 'limit',
    message: `${found} files may be pipelines, more than ${limit} (limit files)`,
    remedy:
      "raise limits.files in the server's configuration, or name the pipelines in .modelgate.yaml (pipelines)",
  };
}
