import { RetryableError } from '../../errors.ts';
import type { Oid } from '../../domain/repository.ts';
import type { Unknown } from '../../domain/verdict.ts';
import { findCutOff } from '../../formats/kfp/cut-off.ts';
import { looksLikePipeline, mayBePipeline } from '../../formats/kfp/looks-like-pipeline.ts';
import type { PipelineFile, PipelineModel } from '../../formats/kfp/pipeline-model.ts';
import { isPipelineDocument, readPipelineFile } from '../../formats/kfp/read-pipeline-file.ts';
import { createSource } from '../../formats/source.ts';
import { decodeUtf8 } from '../../formats/yaml/decode.ts';
import type { Limits } from '../../limits.ts';
import type { Blob } from '../../ports/snapshots.ts';
import type { Collected, CollectDeps, Facts } from '../check.ts';
import { choosePipelines } from './choose-pipelines.ts';
import type { Candidate } from './choose-pipelines.ts';
import { hasMarks, lookAtLarge } from './large-files.ts';
import { createParseTurns, notParsed, type ParseTurns } from './parse-turns.ts';

/**
 * Reads the pipelines of the judged tree: the files that the policy names, else every changed YAML or JSON file that is
 * a pipeline, was one on the target, or is what is left of one. The base model is the same files in the target. One
 * batch of reads, and one read for each file that is too large to be parsed.
 * @throws RetryableError when git does not have a file's content: the host may not have sent it yet.
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
  function blobOf({ named }: Candidate, oid: Oid): Promise<Blob | undefined> {
    return named ? Promise.resolve(blobs.get(oid)) : lookAtLarge(oid, blobs.get(oid), trees, signal);
  }
  const files: PipelineFile[] = [];
  const baseFiles: PipelineFile[] = [];
  const unknowns: Unknown[] =
    chosen.length > candidates.length ? [tooManyFiles(chosen.length, limits.files)] : [];
  const turns = createParseTurns(limits.parseBytes, signal);
  let skipped = 0;
  for (const candidate of candidates) {
    await turns.next();
    const before =
      candidate.before &&
      readBlob(candidate, await blobOf(candidate, candidate.before), { limits, turns, known: false });
    if (before?.file !== undefined) baseFiles.push(before.file);
    const known = candidate.named || before?.file !== undefined || before?.unknown !== undefined;
    const now =
      candidate.now && readBlob(candidate, await blobOf(candidate, candidate.now), { limits, turns, known });
    if (now?.file !== undefined) files.push(now.file);
    if (now?.unknown !== undefined) unknowns.push(now.unknown);
    if (now?.skipped === true || before?.skipped === true) skipped += 1;
  }
  unknowns.push(...notParsed(skipped, 'pipeline files', limits.parseBytes));
  const counts = { pipelines: files.length };
  return { model: { files }, baseModel: { files: baseFiles }, unknowns, wanted: [], counts, differences: [] };
}

interface Read {
  readonly file?: PipelineFile;
  readonly unknown?: Unknown | undefined;
  /** It is or may be a pipeline, and the check has parsed enough. */
  readonly skipped?: boolean;
}

/** `known`: it is a pipeline by name or by its past, so that not being able to read it matters. */
function readBlob(
  { path, named }: Candidate,
  blob: Blob | undefined,
  { limits, turns, known }: { limits: Limits; turns: ParseTurns; known: boolean },
): Read {
  if (blob === undefined || blob.kind === 'missing')
    throw new RetryableError(`git does not have the content of ${path}`);
  const size = blob.kind === 'too-large' ? blob.size : blob.bytes.length;
  if (blob.kind === 'too-large' || size > limits.fileBytes) {
    const message = `${size} bytes are more than ${limits.fileBytes} (limit fileBytes)`;
    const matters = known || (blob.kind === 'bytes' && hasMarks(blob.bytes));
    return matters ? { unknown: overLimit(path, message) } : {};
  }
  const decoded = decodeUtf8(blob.bytes);
  const source = createSource(path, decoded.text ?? decoded.lossy);
  if (!named && !known && !mayBePipeline(source.text)) return {};
  if (decoded.problem !== undefined) {
    if (!known && !looksLikePipeline(source.text)) return {};
    return { file: { source, named, problems: [decoded.problem], documents: [] } };
  }
  if (!turns.spend(blob.bytes.length)) return { skipped: known || looksLikePipeline(source.text) };
  const { file, limit } = readPipelineFile(source, { limits, named });
  const unknown = limit === undefined ? undefined : overLimit(path, limit.message, limit.repair);
  if (file === undefined) return known || looksLikePipeline(source.text) ? { unknown } : {};
  if (named || isPipeline(file, known)) return { file, unknown };
  const cutOff = findCutOff(file, known);
  return cutOff === undefined ? {} : { file: { ...file, problems: [cutOff], documents: [] } };
}

function isPipeline(file: PipelineFile, known: boolean): boolean {
  if (file.problems.length > 0) return known || looksLikePipeline(file.source.text);
  return file.documents.some(isPipelineDocument);
}

function overLimit(path: string, message: string, repair?: string): Unknown {
  return {
    what: `file ${path}`,
    cause: 'limit',
    message,
    remedy:
      repair ?? "raise this limit below `limits` in the server's configuration, or make the file smaller",
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
