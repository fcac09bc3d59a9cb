import type { DvcConfig, Setting } from './config.ts';

/** A remote ready to be opened: chains resolved, its own settings over those of its bases. */
export interface ResolvedRemote {
  readonly name: string;
  /** Resolved; may hold userinfo: redact before showing. A directory is relative to the repository unless absolute. */
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Keeps files under their own names and versions instead of content addresses (specs dvc 4.2). */
  readonly versionAware: boolean;
  /** Where its url stands. */
  readonly at: Setting;
}

/** What a name of a remote leads to. */
export type RemoteLookup =
  | { readonly kind: 'remote'; readonly remote: ResolvedRemote }
  /** `name` is not configured; for a chain it is the base that is missing. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'cycle'; readonly names: readonly string[] }
  /** Configured without a url. */
  | { readonly kind: 'no-url'; readonly name: string };

/** Finds a remote by name, whatever its case, and follows `remote://base/sub` (specs dvc 3.3). */
export function findRemote(config: DvcConfig, name: string): RemoteLookup {
  return follow(config, name.toLowerCase(), []);
}

function follow(config: DvcConfig, name: string, trail: readonly string[]): RemoteLookup {
  if (trail.includes(name)) return { kind: 'cycle', names: [...trail, name] };
  const own = config.remotes.get(name);
  if (own === undefined) return { kind: 'unknown', name };
  const at = own.settings.get('url');
  if (at === undefined || at.value === '') return { kind: 'no-url', name };
  const settings = Object.fromEntries([...own.settings].map(([key, setting]) => [key, setting.value]));
  const chain = /^remote:\/\/([^/]+)(?:\/(.*))?$/is.exec(at.value);
  if (chain === null) return found(name, at, settings);
  const base = follow(config, (chain[1] ?? '').toLowerCase(), [...trail, name]);
  if (base.kind !== 'remote') return base;
  const below = chain[2] === undefined || chain[2] === '' ? '' : `/${chain[2]}`;
  const url = base.remote.url.replace(/\/$/, '') + below;
  return found(name, at, { ...base.remote.settings, ...settings, url });
}

function found(name: string, at: Setting, settings: Readonly<Record<string, string>>): RemoteLookup {
  const url = settings['url'] ?? at.value;
  return { kind: 'remote', remote: { name, url, settings, versionAware: isVersionAware(settings), at } };
}

/** `worktree` implies versions (specs dvc 4.2). */
function isVersionAware(settings: Readonly<Record<string, string>>): boolean {
  return /^true$/i.test(settings['version_aware'] ?? '') || /^true$/i.test(settings['worktree'] ?? '');
}
