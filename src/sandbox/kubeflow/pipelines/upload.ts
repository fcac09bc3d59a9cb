import { randomUUID } from 'node:crypto';
import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { readPackage, type Package } from '../package/read-package.ts';
import { alreadyExists, invalid } from '../refusal.ts';
import { isAtLeast, type PipelineRow, type VersionRow, type World } from '../state.ts';
import { readUpload, type Upload } from './multipart.ts';
import { presentPipeline, presentVersion } from './present.ts';
import { readTags } from './tags.ts';

const maxFileBytes = 32 * 1024 * 1024;

/** The two uploads, which are no part of the gateway: their options are in the query (specs kubeflow 3.1). */
export function uploadRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', pattern: '/apis/v2beta1/pipelines/upload', style: 'upload', handle: uploadPipeline },
    {
      method: 'POST',
      pattern: '/apis/v2beta1/pipelines/upload_version',
      style: 'upload',
      handle: uploadVersion,
    },
  ];

  function uploadPipeline(call: Call): Answer {
    const upload = readFile(call, 'Failed to read pipeline from file', 'Failed to read a pipeline spec file');
    const namespace = world.config.multiUser === true ? (call.query.get('namespace') ?? '') : '';
    if (world.config.multiUser === true && namespace === '')
      return plain('Namespace cannot be empty in multi-user mode');
    if (namespace.length > 63) return plain('Pipeline.Namespace length cannot exceed 63');
    const names = namesOf(call, upload);
    if (names.name.length > 128) return plain('Pipeline.Name length cannot exceed 128');
    const tags = tagsOf(call);
    const content = contentOf(upload);
    if (world.pipelines.some((row) => row.name === names.name && row.namespace === namespace))
      throw alreadyExists(
        `Failed to create a new pipeline. The name ${names.name} already exists. Please specify a new name`,
      );
    const description = call.query.get('description') ?? '';
    const own = { ...names, description, createdAt: world.now() };
    const pipeline: PipelineRow = { ...own, id: randomUUID(), namespace, tags };
    world.pipelines.push(pipeline);
    world.versions.push({ ...own, id: randomUUID(), pipelineId: pipeline.id, tags: {}, package: content });
    return ok(presentPipeline(pipeline));
  }

  function uploadVersion(call: Call): Answer {
    const failed = 'Failed to create a pipeline version';
    const upload = readFile(call, failed, failed);
    const pipelineId = call.query.get('pipelineid') ?? '';
    if (!world.pipelines.some((row) => row.id === pipelineId)) throw invalid(failed);
    const names = namesOf(call, upload);
    if (names.name.length > 127) return plain('PipelineVersion.Name length cannot exceed 127');
    const tags = tagsOf(call);
    const content = contentOf(upload);
    if (world.versions.some((row) => row.pipelineId === pipelineId && row.name === names.name))
      throw alreadyExists(
        `Failed to create a new pipeline version. The name ${names.name} already exist. Specify a new name`,
      );
    const description = call.query.get('description') ?? '';
    const version: VersionRow = {
      ...names,
      id: randomUUID(),
      pipelineId,
      description,
      tags,
      createdAt: world.now(),
      package: content,
    };
    world.versions.push(version);
    return ok(presentVersion(version));
  }

  /** Servers before 2.17 do not look at tags. */
  function tagsOf(call: Call): Readonly<Record<string, string>> {
    return isAtLeast(world, 17) ? readTags(call.query.get('tags') ?? '') : {};
  }
}

function readFile(call: Call, withoutFile: string, wrongFile: string): Upload {
  const upload = readUpload(call.headers['content-type'] ?? '', call.raw);
  if (upload === undefined) throw invalid(withoutFile);
  if (!/\.(?:yaml|yml|json)$/.test(upload.fileName) || upload.bytes.length > maxFileBytes)
    throw invalid(wrongFile);
  return upload;
}

function namesOf(call: Call, upload: Upload): { readonly name: string; readonly displayName: string } {
  const shown = call.query.get('display_name') ?? '';
  const name = (call.query.get('name') ?? '') || shown || upload.fileName;
  return { name, displayName: shown || name };
}

function contentOf(upload: Upload): Package {
  const content = readPackage(upload.bytes.toString());
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(content.name))
    throw invalid(
      "pipeline's name must contain only lowercase alphanumeric characters or '-' and must start with alphanumeric characters",
    );
  return content;
}

/** A few refusals are plain text. */
function plain(message: string): Answer {
  return { status: 400, body: `${message}\n`, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}
