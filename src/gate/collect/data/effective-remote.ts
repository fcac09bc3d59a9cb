import { redactUrl } from '../../../domain/redact-url.ts';
import { findRemote, type ResolvedRemote } from '../../../formats/dvc/remotes.ts';
import type { RemoteOfOutput } from '../../../rules/data/model.ts';
import type { ParsedTree } from './parse-tree.ts';
import type { TrackedOutput } from './tracked-output.ts';

/** What the rules are told of an output's remote, and the remote itself to open. */
export interface EffectiveRemote {
  readonly said: RemoteOfOutput;
  readonly remote: ResolvedRemote | undefined;
}

/** The output's own remote, or the project's default one (specs dvc 4.3). */
export function effectiveRemote(tracked: TrackedOutput, tree: ParsedTree): EffectiveRemote {
  const project = tracked.root === undefined ? undefined : tree.projects.get(tracked.root);
  if (project !== undefined && project.config === undefined)
    return { said: { kind: 'unreadable' }, remote: undefined };
  const config = project?.config;
  const own = tracked.output.remote;
  const name = own ?? config?.defaultRemote?.value;
  if (name === undefined || name === '') return { said: { kind: 'none' }, remote: undefined };
  if (config === undefined) return { said: { kind: 'unknown', name }, remote: undefined };
  const found = findRemote(config, name);
  switch (found.kind) {
    case 'unknown':
    case 'no-url':
      return { said: { kind: 'unknown', name: found.name }, remote: undefined };
    case 'cycle':
      return { said: { kind: 'cycle', names: found.names }, remote: undefined };
    default: {
      const { remote } = found;
      const isDefault = name === config.defaultRemote?.value;
      const url = redactUrl(remote.url);
      return { said: { kind: 'remote', name, url, isDefault, versionAware: remote.versionAware }, remote };
    }
  }
}
