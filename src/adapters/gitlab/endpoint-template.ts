/** Words of the paths that we ask for. Everything else in a path is an id, a name or a SHA. */
const words = new Set([
  'all',
  'branches',
  'commits',
  'deployments',
  'diffs',
  'environments',
  'groups',
  'hooks',
  'members',
  'merge_requests',
  'notes',
  'pipelines',
  'projects',
  'repository',
  'statuses',
  'user',
  'users',
  'version',
]);

/** `projects/7/merge_requests/3/notes` as `projects/:id/merge_requests/:id/notes`: few values, and no names. */
export function endpointTemplate(path: string): string {
  const [bare = ''] = path.replace(/^\/+/, '').split('?', 1);
  return bare
    .split('/')
    .map((part) => (words.has(part) ? part : ':id'))
    .join('/');
}
