import type { ConfiguredRemote, DvcConfig } from '../../../formats/dvc/config.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import type { RemoteChange } from '../../../rules/data/model.ts';
import type { ParsedTree } from './parse-tree.ts';

/** The settings that decide where data is and how it is found there (specs dvc 4.6, step 1). */
const moving = ['url', 'endpointurl', 'version_aware', 'worktree'] as const;

/** Edits of `.dvc/config` that move data. A remote that is new moves nothing. */
export function findRemoteChanges(base: ParsedTree, judged: ParsedTree): readonly RemoteChange[] {
  const changes: RemoteChange[] = [];
  for (const [root, project] of judged.projects) {
    const before = base.projects.get(root)?.config;
    if (before !== undefined && project.config !== undefined)
      changes.push(...compare(before, project.config));
  }
  return changes;
}

function* compare(before: DvcConfig, after: DvcConfig): Iterable<RemoteChange> {
  const { source } = after;
  const [old, now] = [before.defaultRemote, after.defaultRemote];
  if (old !== undefined && old.value !== now?.value) {
    yield { source, at: now, what: 'core.remote', before: old.value, after: now?.value };
  }
  for (const [name, remote] of before.remotes) yield* compareRemote(source, remote, after.remotes.get(name));
}

function* compareRemote(
  source: DvcConfig['source'],
  before: ConfiguredRemote,
  after: ConfiguredRemote | undefined,
): Iterable<RemoteChange> {
  for (const key of moving) {
    const old = before.settings.get(key);
    const now = after?.settings.get(key);
    if (old?.value === now?.value || (after === undefined && key !== 'url')) continue;
    const at = now ?? after?.settings.get('url');
    yield {
      source,
      at,
      what: `remote "${before.name}" ${key}`,
      before: shown(old?.value),
      after: shown(now?.value),
    };
  }
}

function shown(value: string | undefined): string | undefined {
  return value === undefined ? undefined : redactUrl(value);
}
