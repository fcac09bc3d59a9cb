import { ok, seconds, type Answer, type Call, type Route } from '../api/call.ts';
import { listPage, type Listable } from '../api/list.ts';
import { invalid, notFound, within, wrap } from '../refusal.ts';
import type { PipelineRow, VersionRow, World } from '../state.ts';
import { presentPipeline, presentVersion } from './present.ts';

const pipelineFields: Listable<PipelineRow> = {
  type: 'Pipeline',
  key: 'pipeline_id',
  fields: {
    pipeline_id: (row) => row.id,
    name: (row) => row.name,
    display_name: (row) => row.displayName,
    created_at: (row) => Date.parse(seconds(row.createdAt)) / 1000,
    description: (row) => row.description,
    namespace: (row) => row.namespace,
  },
};
const versionFields: Listable<VersionRow> = {
  type: 'PipelineVersion',
  key: 'pipeline_version_id',
  fields: {
    pipeline_version_id: (row) => row.id,
    name: (row) => row.name,
    display_name: (row) => row.displayName,
    created_at: (row) => Date.parse(seconds(row.createdAt)) / 1000,
    status: () => 'READY',
    description: (row) => row.description,
  },
};

/** Pipelines and their versions, to be read (specs kubeflow 3.1). */
export function pipelineRoutes(world: World): readonly Route[] {
  const base = '/apis/v2beta1/pipelines';
  return [
    { method: 'GET', pattern: `${base}/names/{name}`, handle: byName },
    { method: 'GET', pattern: base, handle: list },
    {
      method: 'GET',
      pattern: `${base}/{id}`,
      handle: ({ path }) => ok(presentPipeline(pipeline(path['id'] ?? ''))),
    },
    { method: 'GET', pattern: `${base}/{id}/versions`, handle: listVersions },
    { method: 'GET', pattern: `${base}/{id}/versions/{version}`, handle: version },
  ];

  function byName({ path, query }: Call): Answer {
    const { name = '' } = path;
    const namespace = namespaceOf(query);
    const row = world.pipelines.find((row) => row.name === name && row.namespace === namespace);
    if (row === undefined)
      throw wrap(
        notFound('Namespace/Pipeline', `${namespace}/${name}`),
        'Failed to get a pipeline by name and namespace',
      );
    return ok(presentPipeline(row));
  }

  function list({ query }: Call): Answer {
    const namespace = namespaceOf(query);
    const rows = world.pipelines.filter((row) => row.namespace === namespace);
    const page = within('Failed to list pipelines', () => listPage(rows, query, pipelineFields));
    const pipelines = page.entries.map(presentPipeline);
    return ok({ pipelines, total_size: page.total, next_page_token: page.next });
  }

  function listVersions({ path, query }: Call): Answer {
    const { id } = pipeline(path['id'] ?? '');
    const rows = world.versions.filter((row) => row.pipelineId === id);
    const page = within('Failed to list pipeline versions', () => listPage(rows, query, versionFields));
    const versions = page.entries.map(presentVersion);
    return ok({ pipeline_versions: versions, total_size: page.total, next_page_token: page.next });
  }

  function version({ path }: Call): Answer {
    const row = world.versions.find((row) => row.id === path['version'] && row.pipelineId === path['id']);
    if (row === undefined)
      throw wrap(notFound('PipelineVersion', path['version'] ?? ''), 'Failed to get a pipeline version');
    return ok(presentVersion(row));
  }

  function pipeline(id: string): PipelineRow {
    const row = world.pipelines.find((row) => row.id === id);
    if (row === undefined) throw wrap(notFound('Pipeline', id), 'Failed to get a pipeline');
    return row;
  }

  /** Single-user servers do not look at it. */
  function namespaceOf(query: URLSearchParams): string {
    if (world.config.multiUser !== true) return '';
    const namespace = query.get('namespace') ?? '';
    if (namespace === '') throw invalid('Namespace cannot be empty in multi-user mode');
    return namespace;
  }
}
