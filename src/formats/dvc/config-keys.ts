/** What a setting's value may be. */
export type SettingKind =
  | 'text'
  | 'secret'
  | 'bool'
  | 'bool-or-text'
  | 'integer'
  | 'number'
  | 'links'
  | 'never';

type Settings = Readonly<Record<string, SettingKind>>;

function settings(kind: SettingKind, names: string): Settings {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

const links: Settings = {
  ...settings('links', 'type'),
  ...settings('text', 'shared'),
  ...settings('bool', 'protected slow_link_warning verify'),
};

const anyRemote: Settings = {
  ...settings('text', 'url'),
  ...settings('integer', 'jobs checksum_jobs'),
  ...settings('bool', 'worktree no_traverse version_aware'),
};

const http: Settings = {
  ...anyRemote,
  ...settings('text', 'auth custom_auth_header user method'),
  ...settings('secret', 'password'),
  ...settings('bool', 'ask_password verify'),
  ...settings('bool-or-text', 'ssl_verify'),
  ...settings('number', 'connect_timeout read_timeout'),
};

const webdav: Settings = {
  ...anyRemote,
  ...settings('text', 'user custom_auth_header cert_path key_path'),
  ...settings('secret', 'password token bearer_token_command'),
  ...settings('bool', 'ask_password verify'),
  ...settings('bool-or-text', 'ssl_verify'),
  ...settings('integer', 'timeout'),
};

/** The settings of a remote by the scheme of its url; `''` is a local directory (specs dvc 3.2). */
export const remoteSettings: Readonly<Record<string, Settings>> = {
  '': { ...anyRemote, ...links },
  s3: {
    ...anyRemote,
    ...settings('text', 'region profile credentialpath configpath endpointurl sse sse_kms_key_id'),
    ...settings(
      'text',
      'sse_customer_algorithm acl grant_read grant_read_acp grant_write_acp grant_full_control',
    ),
    ...settings('text', 'multipart_threshold multipart_chunksize'),
    ...settings('secret', 'access_key_id secret_access_key session_token sse_customer_key'),
    ...settings('bool', 'listobjects use_ssl allow_anonymous_login verify'),
    ...settings('bool-or-text', 'ssl_verify'),
    ...settings('integer', 'read_timeout connect_timeout max_concurrent_requests max_queue_size'),
    ...settings('never', 'cache_regions'),
  },
  gs: {
    ...anyRemote,
    ...settings('text', 'projectname credentialpath endpointurl'),
    ...settings('bool', 'verify allow_anonymous_login'),
  },
  ssh: {
    ...anyRemote,
    ...settings('links', 'type'),
    ...settings('text', 'user keyfile'),
    ...settings('secret', 'password passphrase'),
    ...settings('bool', 'ask_password ask_passphrase gss_auth allow_agent verify'),
    ...settings('integer', 'port timeout max_sessions'),
  },
  hdfs: {
    ...anyRemote,
    ...settings('text', 'user'),
    ...settings('secret', 'kerb_ticket'),
    ...settings('never', 'replication'),
  },
  webhdfs: {
    ...anyRemote,
    ...settings('text', 'kerberos_principal proxy_to user data_proxy_target'),
    ...settings('secret', 'token password'),
    ...settings('bool', 'kerberos use_https verify'),
    ...settings('bool-or-text', 'ssl_verify'),
  },
  azure: {
    ...anyRemote,
    ...settings('secret', 'connection_string sas_token account_key client_secret'),
    ...settings('text', 'account_name tenant_id client_id'),
    ...settings('bool', 'allow_anonymous_login exclude_environment_credential verify'),
    ...settings('bool', 'exclude_visual_studio_code_credential exclude_shared_token_cache_credential'),
    ...settings('bool', 'exclude_managed_identity_credential'),
    ...settings('integer', 'timeout read_timeout connection_timeout'),
  },
  oss: {
    ...anyRemote,
    ...settings('secret', 'oss_key_id oss_key_secret'),
    ...settings('text', 'oss_endpoint'),
    ...settings('bool', 'verify'),
  },
  gdrive: {
    ...anyRemote,
    ...settings('text', 'profile gdrive_client_id gdrive_service_account_user_email'),
    ...settings(
      'secret',
      'gdrive_client_secret gdrive_user_credentials_file gdrive_service_account_json_file_path',
    ),
    ...settings('bool', 'gdrive_use_service_account gdrive_trash_only gdrive_acknowledge_abuse verify'),
  },
  http,
  https: http,
  webdav,
  webdavs: webdav,
};

/** The settings of all other sections (specs dvc 3.2). */
export const sectionSettings: Readonly<Record<string, Settings>> = {
  core: {
    ...settings('text', 'remote site_cache_dir machine'),
    ...settings('integer', 'checksum_jobs'),
    ...settings('bool', 'interactive analytics hardlink_lock no_scm autostage experiments check_update'),
  },
  cache: { ...settings('text', 'dir local s3 gs hdfs webhdfs ssh azure'), ...links },
  state: { ...settings('text', 'dir'), ...settings('integer', 'row_limit row_cleanup_quota') },
  index: settings('text', 'dir'),
  plots: { ...settings('text', 'html_template out_dir'), ...settings('bool', 'auto_open') },
  exp: {
    ...settings('text', 'code data models metrics params plots live git_remote'),
    ...settings('bool', 'auto_push'),
  },
  parsing: settings('text', 'bool list'),
  hydra: {
    ...settings('text', 'config_dir config_module config_name plugins_path'),
    ...settings('bool', 'enabled'),
  },
  studio: {
    ...settings('secret', 'token'),
    ...settings('text', 'url repo_url'),
    ...settings('bool', 'offline'),
  },
};

/** The settings of the sections with a name of their own beside `remote`. */
export const namedSettings: Readonly<Record<string, Settings>> = {
  db: { ...settings('text', 'url username'), ...settings('secret', 'password') },
  machine: {
    ...settings(
      'text',
      'cloud region image instance_type instance_gpu ssh_private startup_script setup_script',
    ),
    ...settings('bool', 'spot'),
    ...settings('number', 'spot_price'),
    ...settings('integer', 'instance_hdd_size'),
  },
};

const secretNames: ReadonlySet<string> = new Set(
  [
    ...Object.values(remoteSettings),
    ...Object.values(sectionSettings),
    ...Object.values(namedSettings),
  ].flatMap((group) => Object.keys(group).filter((name) => group[name] === 'secret')),
);

/** Whether DVC has a secret setting of this name in some section (specs dvc 3.2). */
export function isSecretKey(name: string): boolean {
  return secretNames.has(name);
}

/** Whether a setting of this name holds a secret in some section: its value is never shown. */
export function isSecretSetting(name: string): boolean {
  return (
    secretNames.has(name) || /(?:password|secret|token|passphrase|account_key|connection_string)/.test(name)
  );
}

const forms: Partial<Record<SettingKind, { accepts(value: string): boolean; readonly otherwise: string }>> = {
  bool: { accepts: (value) => /^(?:true|false)$/i.test(value), otherwise: 'it must be true or false' },
  integer: { accepts: (value) => /^\s*[+-]?\d+\s*$/.test(value), otherwise: 'it must be a whole number' },
  number: {
    accepts: (value) => value.trim() !== '' && Number.isFinite(Number(value)),
    otherwise: 'it must be a number',
  },
  never: { accepts: () => false, otherwise: 'this version of DVC accepts no value for it; remove the line' },
};

/** Why the text is no value of the kind, or undefined when it is. */
export function settingTrouble(kind: SettingKind, value: string | readonly string[]): string | undefined {
  if (kind === 'links') return linkTrouble(typeof value === 'string' ? value.split(',') : value);
  if (typeof value !== 'string') return 'a comma outside of quotes makes it a list; quote the value';
  const form = forms[kind];
  return form === undefined || form.accepts(value) ? undefined : form.otherwise;
}

function linkTrouble(kinds: readonly string[]): string | undefined {
  const known = new Set(['reflink', 'hardlink', 'symlink', 'copy']);
  return kinds.every((kind) => known.has(kind.trim()))
    ? undefined
    : 'it is a list of reflink, hardlink, symlink, copy';
}
