import type { Project, User } from '../state.ts';
import { apiTime } from '../times.ts';
import type { World } from '../world.ts';

const levels = { private: 0, internal: 10, public: 20 } as const;

/** Where a project's pages are. */
export function webUrl(world: World, project: Project): string {
  return `${world.url}/${project.path}`;
}

/** A project as `GET /projects/:id` shows it. */
export function presentProject(
  world: World,
  project: Project,
  user: User | undefined,
): Readonly<Record<string, unknown>> {
  const [name, namespace] = nameAndNamespace(project);
  const { settings } = project;
  const level = user === undefined ? undefined : project.members.get(user.id);
  return {
    id: project.id,
    description: null,
    name,
    name_with_namespace: project.path.replaceAll('/', ' / '),
    path: name,
    path_with_namespace: project.path,
    created_at: apiTime(project.createdAt),
    default_branch: settings.defaultBranch,
    http_url_to_repo: `${webUrl(world, project)}.git`,
    ssh_url_to_repo: `git@sandbox:${project.path}.git`,
    web_url: webUrl(world, project),
    namespace: { id: project.id, name: namespace, path: namespace, kind: 'group', full_path: namespace },
    archived: settings.archived,
    visibility: settings.visibility,
    only_allow_merge_if_pipeline_succeeds: settings.onlyAllowMergeIfPipelineSucceeds,
    allow_merge_on_skipped_pipeline: settings.allowMergeOnSkippedPipeline,
    merge_pipelines_enabled: settings.mergePipelinesEnabled,
    merge_trains_enabled: settings.mergeTrainsEnabled,
    merge_method: 'merge',
    creator_id: project.creator.id,
    forked_from_project:
      project.forkedFrom === undefined
        ? undefined
        : {
            id: project.forkedFrom.id,
            path_with_namespace: project.forkedFrom.path,
            web_url: webUrl(world, project.forkedFrom),
          },
    permissions: {
      project_access: level === undefined ? null : { access_level: level, notification_level: 3 },
      group_access: null,
    },
  };
}

/** A project as webhook bodies show it. */
export function projectPayload(world: World, project: Project): Readonly<Record<string, unknown>> {
  const [name, namespace] = nameAndNamespace(project);
  const url = webUrl(world, project);
  return {
    id: project.id,
    name,
    description: null,
    web_url: url,
    avatar_url: null,
    git_ssh_url: `git@sandbox:${project.path}.git`,
    git_http_url: `${url}.git`,
    namespace,
    visibility_level: levels[project.settings.visibility],
    path_with_namespace: project.path,
    default_branch: project.settings.defaultBranch,
    ci_config_path: null,
    homepage: url,
    url: `git@sandbox:${project.path}.git`,
    ssh_url: `git@sandbox:${project.path}.git`,
    http_url: `${url}.git`,
  };
}

/** The older, shorter form that stands beside it. */
export function repositoryPayload(world: World, project: Project): Readonly<Record<string, unknown>> {
  const [name] = nameAndNamespace(project);
  return {
    name,
    url: `git@sandbox:${project.path}.git`,
    description: null,
    homepage: webUrl(world, project),
    git_http_url: `${webUrl(world, project)}.git`,
    git_ssh_url: `git@sandbox:${project.path}.git`,
    visibility_level: levels[project.settings.visibility],
  };
}

function nameAndNamespace(project: Project): readonly [string, string] {
  const slash = project.path.lastIndexOf('/');
  return [project.path.slice(slash + 1), project.path.slice(0, slash)];
}
