import posix from 'node:path/posix';
import { createProblems } from '../problems.ts';
import type { Problem, Source, Span } from '../source.ts';
import { checkConfig } from './check-config.ts';
import { isSecretSetting } from './config-keys.ts';
import { findCredentials, type Credential } from './find-credentials.ts';
import { namedSection } from './config-section.ts';
import { readConfigText, type ConfigSection } from './config-text.ts';
import { maskSource } from './mask.ts';
import { resolveUrl } from './remote-url.ts';

/** One setting: its text and where it stands. */
export interface Setting {
  readonly value: string;
  readonly span: Span;
  /** The masked file it is from. */
  readonly source: Source;
}

/** A remote's own settings by lower-case key; `url` is resolved against its file's directory. */
export interface ConfiguredRemote {
  readonly name: string;
  readonly settings: ReadonlyMap<string, Setting>;
}

/** What a gate needs of `.dvc/config`. */
export interface DvcConfig {
  /** With its secrets masked: may be shown. */
  readonly source: Source;
  /** `core.remote`, lower-case. */
  readonly defaultRemote: Setting | undefined;
  /** By lower-case name. */
  readonly remotes: ReadonlyMap<string, ConfiguredRemote>;
}

/** Reads one config file (specs dvc 3). Its value is best effort when there are problems. */
export function readDvcConfig(source: Source): {
  readonly value: DvcConfig;
  readonly problems: readonly Problem[];
  /** What should not be in a committed file. */
  readonly credentials: readonly Credential[];
} {
  const text = readConfigText(source);
  const masked = maskSource(source, secretSpans(text.value));
  const remotes = new Map<string, ConfiguredRemote & { readonly settings: Map<string, Setting> }>();
  let defaultRemote: Setting | undefined;
  for (const section of text.value) {
    const named = namedSection(section);
    if (named?.kind === 'remote') {
      const { name } = named;
      const remote = remotes.get(name) ?? { name, settings: new Map<string, Setting>() };
      for (const [key, setting] of settingsOf(section, masked)) remote.settings.set(key, setting);
      remotes.set(name, remote);
    } else if (section.path.length === 1 && section.path[0] === 'core') {
      const remote = settingsOf(section, masked).get('remote');
      if (remote !== undefined) defaultRemote = { ...remote, value: remote.value.toLowerCase() };
    }
  }
  const twice = new Set(text.problems.map((each) => each.span.start));
  const others = checkConfig(text.value).filter(
    ({ code, span }) => code !== 'collision' || !twice.has(span.start),
  );
  return {
    value: { source: masked, defaultRemote, remotes },
    problems: createProblems([...text.problems, ...others]).list(),
    credentials: findCredentials(text.value),
  };
}

function settingsOf(section: ConfigSection, source: Source): Map<string, Setting> {
  const directory = posix.dirname(source.path);
  const settings = new Map<string, Setting>();
  for (const { key, value, valueSpan } of section.entries) {
    const text = typeof value === 'string' ? value : value.join(',');
    settings.set(key, { value: key === 'url' ? resolveUrl(text, directory) : text, span: valueSpan, source });
  }
  return settings;
}

function secretSpans(sections: readonly ConfigSection[]): readonly Span[] {
  const entries = sections.flatMap((section) => section.entries);
  return entries.filter(({ key }) => isSecretSetting(key)).map((entry) => entry.valueSpan);
}

/** Several files as one, the later ones over the earlier ones, key by key: `.dvc/config`, then `.dvc/config.local`. */
export function mergeConfigs(first: DvcConfig, ...others: readonly DvcConfig[]): DvcConfig {
  let merged = first;
  for (const next of others) {
    const remotes = new Map(merged.remotes);
    for (const [name, remote] of next.remotes) {
      const settings = new Map([...(remotes.get(name)?.settings ?? []), ...remote.settings]);
      remotes.set(name, { name, settings });
    }
    merged = { source: merged.source, defaultRemote: next.defaultRemote ?? merged.defaultRemote, remotes };
  }
  return merged;
}
