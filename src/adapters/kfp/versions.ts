import { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import type { PipelineVersion, Pipelines } from '../../ports/pipelines.ts';
import { findNamed, pathOf } from './find-named.ts';
import { answerOf, readAnswer, type Asked, type Line } from './send.ts';

type NamespaceOf = (signal: AbortSignal) => Promise<string | undefined>;

/** `name` came with 2.14; before, the display name is the name (specs kubeflow-kserve 3.9). */
const Names = { name: z.string().nullish(), display_name: z.string().nullish() };
const Pipeline = z.object({ ...Names, pipeline_id: z.string().min(1) });
const Version = z.object({
  ...Names,
  pipeline_version_id: z.string().min(1),
  description: z.string().nullish(),
});

/** Finds a version by the names of the pipeline and of itself. */
export async function findVersion(
  line: Line,
  namespaceOf: NamespaceOf,
  wanted: { readonly pipeline: string; readonly version: string },
  signal: AbortSignal,
): Promise<PipelineVersion | undefined> {
  const pipelineId = await findPipeline(line, wanted.pipeline, await namespaceOf(signal), signal);
  if (pipelineId === undefined) return undefined;
  const list = {
    path: pathOf('pipelines', pipelineId, 'versions'),
    field: 'pipeline_versions',
    row: Version,
  } as const;
  const rows = await findNamed(line, { ...list, key: 'name', value: wanted.version }, signal);
  const found = rows.find((row) => nameOf(row) === wanted.version);
  if (found === undefined) return undefined;
  return { pipelineId, versionId: found.pipeline_version_id, description: found.description ?? '' };
}

/**
 * Uploads a file below a name. A new pipeline gets a first version of its own name from the server, beside ours
 * (specs kubeflow-kserve 3.1).
 */
export async function uploadVersion(
  line: Line,
  namespaceOf: NamespaceOf,
  wanted: Parameters<Pipelines['uploadVersion']>[0],
  signal: AbortSignal,
): Promise<void> {
  const { pipeline, version, description } = wanted;
  const namespace = await namespaceOf(signal);
  const body = await fileBody(wanted.yaml);
  const pipelineid =
    (await findPipeline(line, pipeline, namespace, signal)) ??
    (await makePipeline(line, { name: pipeline, namespace, body }, signal));
  const query = { pipelineid, name: version, description };
  const path = pathOf('pipelines', 'upload_version');
  const got = await line.ask({ method: 'POST', path, query, body }, signal);
  if (got.kind !== 'exists') answerOf(got);
}

async function makePipeline(
  line: Line,
  wanted: { readonly name: string; readonly namespace: string | undefined; readonly body: Asked['body'] },
  signal: AbortSignal,
): Promise<string> {
  const { name, namespace, body } = wanted;
  const query = { name, description: 'Uploaded by modelgate.', namespace };
  const path = pathOf('pipelines', 'upload');
  const got = await line.ask({ method: 'POST', path, query, ...(body && { body }) }, signal);
  if (got.kind !== 'exists') return readAnswer(line, Pipeline, answerOf(got), 'a pipeline').pipeline_id;
  const found = await findPipeline(line, name, namespace, signal);
  if (found !== undefined) return found;
  throw new RetryableError(`${line.host} says that there is a pipeline ${name}, and does not show it`);
}

/** By its name, and where a server does not know the way, or denies oddly, by the list. */
async function findPipeline(
  line: Line,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = pathOf('pipelines', 'names', name);
  const got = await line.ask({ method: 'GET', path, query: { namespace } }, signal);
  if (got.kind === 'answer') return readAnswer(line, Pipeline, got.json, 'a pipeline').pipeline_id;
  const list = {
    path: pathOf('pipelines'),
    field: 'pipelines',
    row: Pipeline,
    query: { namespace },
  } as const;
  const rows = await findNamed(line, { ...list, key: 'name', value: name }, signal);
  return rows.find((row) => nameOf(row) === name)?.pipeline_id;
}

function nameOf(row: { readonly [Key in keyof typeof Names]?: string | null | undefined }):
  | string
  | undefined {
  return row.name ?? row.display_name ?? undefined;
}

/** One part `uploadfile` with a file name, whose end tells the server what it is. */
async function fileBody(yaml: string): Promise<NonNullable<Asked['body']>> {
  const form = new FormData();
  form.set('uploadfile', new Blob([yaml], { type: 'application/yaml' }), 'pipeline.yaml');
  const encoded = new Response(form);
  return {
    type: encoded.headers.get('content-type') ?? 'multipart/form-data',
    bytes: Buffer.from(await encoded.arrayBuffer()),
  };
}
