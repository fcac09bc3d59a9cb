import { populated, seconds } from '../api/call.ts';
import type { PipelineRow, VersionRow } from '../state.ts';

/** A pipeline as the API shows it. */
export function presentPipeline(row: PipelineRow): Readonly<Record<string, unknown>> {
  return populated({
    pipeline_id: row.id,
    name: row.name,
    display_name: row.displayName,
    description: row.description,
    created_at: seconds(row.createdAt),
    namespace: row.namespace,
    tags: tagsOf(row.tags),
  });
}

/** A version as the API shows it; its specification holds both documents where there are two. */
export function presentVersion(row: VersionRow): Readonly<Record<string, unknown>> {
  const { spec, platform } = row.package;
  return populated({
    pipeline_id: row.pipelineId,
    pipeline_version_id: row.id,
    name: row.name,
    display_name: row.displayName,
    description: row.description,
    created_at: seconds(row.createdAt),
    pipeline_spec: platform === undefined ? spec : { pipeline_spec: spec, platform_spec: platform },
    tags: tagsOf(row.tags),
  });
}

function tagsOf(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  return Object.keys(tags).length === 0 ? undefined : tags;
}
