/** Configuration of git as key and value, in order: later ones win, or add where a key may occur often. */
export type ConfigPairs = readonly (readonly [key: string, value: string])[];

/** What git may do nowhere, whatever a repository asks for (specs git-hosts 4.3). */
export const hardenedConfig: ConfigPairs = [
  ['credential.helper', ''],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['protocol.allow', 'never'],
  // A redirect would carry the extra header to another server.
  ['http.followRedirects', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  ['gc.autoDetach', 'false'],
  ['maintenance.autoDetach', 'false'],
];

/** Variables that a transport may need; all others are kept from git on a server. */
const passedOn = [
  'PATH',
  'TMPDIR',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** The environment for git on a server: no home, no system or personal configuration, no prompts. */
export function serverEnvironment(
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const kept = Object.fromEntries(passedOn.map((name) => [name, own[name]]));
  return { ...kept, HOME: '/nonexistent', ...isolated };
}

/** The environment for git over a copy of our own on a laptop: the person's agents and proxies, not their settings. */
export function laptopEnvironment(
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return { ...withoutGit(own), ...isolated };
}

/** The environment for questions to the person's own repository: their settings apply, their hooks do not run. */
export function personalEnvironment(
  own: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return { ...withoutGit(own), ...quiet };
}

/** Pairs as variables: neither the argument list nor a file on disk shows them. */
export function configEnvironment(pairs: ConfigPairs): Readonly<Record<string, string>> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(pairs.length) };
  for (const [index, [key, value]] of pairs.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}

const quiet = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
} as const;

const isolated = { ...quiet, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' } as const;

/** Whoever calls us from a hook has variables set that point git at another repository or index. */
function withoutGit(own: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const kept = Object.entries(own).filter(
    ([name]) =>
      !name.startsWith('GIT_') ||
      /^GIT_(?:SSH|ASKPASS|PROXY|SSL|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$)/.test(name),
  );
  return Object.fromEntries(kept);
}
