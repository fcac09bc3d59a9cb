import { readPackage, type Package } from '../package/read-package.ts';
import { isRecord, recordOf, textOf } from '../package/shapes.ts';
import { internal, malformed } from '../refusal.ts';
import type { RunRow, VersionRow, World } from '../state.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The pipeline of a new run: a stored version, the newest of a pipeline, or one that comes along. @throws Refusal */
export function readSource(
  world: World,
  body: Fields,
): { readonly source: RunRow['source']; readonly content: Package } {
  const names = ['pipeline_version_id', 'pipeline_spec', 'pipeline_version_reference'];
  const [name, second] = names.filter((field) => body[field] !== undefined);
  if (second !== undefined) throw malformed('error parsing "pipeline_source", oneof is already set');
  if (name === undefined) throw unfetched('Failed to fetch a template with an empty pipeline spec manifest');
  if (name === 'pipeline_spec') return fromSpec(recordOf(body[name]));
  const reference: Fields = isRecord(body[name]) ? body[name] : { pipeline_version_id: body[name] };
  const version = versionOf(world, reference);
  const source = { kind: 'version', pipelineId: version.pipelineId, versionId: version.id } as const;
  return { source, content: version.package };
}

function versionOf(world: World, reference: Fields): VersionRow {
  const pipelineId = textOf(reference['pipeline_id']);
  const id = textOf(reference['pipeline_version_id']);
  const version =
    id === ''
      ? world.versions.filter((row) => row.pipelineId === pipelineId).at(-1)
      : world.versions.find((row) => row.id === id);
  if (version === undefined)
    throw unfetched(
      `Failed to fetch a template due to error retrieving pipeline version: ResourceNotFoundError: PipelineVersion ${id} not found`,
    );
  return version;
}

function fromSpec(spec: Fields): { readonly source: RunRow['source']; readonly content: Package } {
  const both = isRecord(spec['pipeline_spec']) ? [spec['pipeline_spec'], spec['platform_spec']] : [spec];
  const text = both.filter(isRecord).map((document) => JSON.stringify(document));
  try {
    return { source: { kind: 'spec', spec }, content: readPackage(text.join('\n---\n')) };
  } catch (error) {
    throw unfetched(`Failed to fetch a template with an invalid pipeline spec manifest: ${String(error)}`);
  }
}

/** The server takes all of these for its own failures. */
function unfetched(cause: string): Error {
  return internal('Failed to create a run due to error fetching manifest', cause);
}
