import path from 'node:path';

import { keysFrom } from './credentials.ts';
import type { CredentialSource, FoundCredentials } from './credentials.ts';
import { readIni } from './ini.ts';

/** Where ambient credentials are looked for; nothing else of the process is read. */
export interface CredentialDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a file, or undefined when there is none or it may not be read. */
  readonly readFile: (file: string) => Promise<string | undefined>;
  readonly home: string;
}

/** What a remote's own settings say of it. */
export interface CredentialChoice {
  readonly profile?: string | undefined;
  /** Absolute, or below `~/`: instead of `~/.aws/credentials`. */
  readonly credentialPath?: string | undefined;
  /** Absolute, or below `~/`: instead of `~/.aws/config`. */
  readonly configPath?: string | undefined;
}

/** Keys of a profile that mean a way of logging in that we do not have. */
const otherWays = [
  'role_arn',
  'sso_session',
  'sso_start_url',
  'credential_process',
  'web_identity_token_file',
  'login_session',
];

/** Variables of the environment that mean the same. */
const otherVariables = [
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

const supported =
  'Supported are keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and profiles with keys in ~/.aws/credentials or ~/.aws/config';

/**
 * The keys that AWS tools would use, as far as they are keys: environment, then the profile in the two files.
 * A named profile goes before the environment, as with boto3.
 */
export function defaultCredentials(deps: CredentialDeps, choice: CredentialChoice = {}): CredentialSource {
  return async () => {
    const { env } = deps;
    const fromEnv =
      choice.profile === undefined && choice.credentialPath === undefined ? keysOfEnv(env) : undefined;
    if (fromEnv !== undefined)
      return { ...fromEnv, ...('credentials' in fromEnv && { region: regionOfEnv(env) }) };
    const found = await keysOfProfile(deps, choice);
    if (found !== undefined) return found;
    const variable = otherVariables.find((name) => env[name]);
    if (variable !== undefined)
      return unsupported(`credentials by ${variable} are not supported. ${supported}`);
    return unsupported(`no credentials were found. ${supported}`);
  };
}

function keysOfEnv(env: CredentialDeps['env']): FoundCredentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY'];
  if (!accessKeyId) return undefined;
  if (!secretAccessKey) return unsupported('AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not');
  return keysFrom({ accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] || undefined });
}

async function keysOfProfile(
  deps: CredentialDeps,
  choice: CredentialChoice,
): Promise<FoundCredentials | undefined> {
  const { env, home } = deps;
  const name = choice.profile ?? (env['AWS_PROFILE'] || 'default');
  const files = [
    choice.credentialPath ?? (env['AWS_SHARED_CREDENTIALS_FILE'] || '~/.aws/credentials'),
    choice.configPath ?? (env['AWS_CONFIG_FILE'] || '~/.aws/config'),
  ].map((file) => (file.startsWith('~/') ? path.join(home, file.slice(2)) : file));
  const texts = await Promise.all(files.map((file) => deps.readFile(file)));
  const [credentials, config] = texts.map((text) => readIni(text ?? ''));
  const ofCredentials = credentials?.get(name);
  const ofConfig = config?.get(name === 'default' ? 'default' : `profile ${name}`);
  if (ofCredentials === undefined && ofConfig === undefined) {
    const asked = choice.profile !== undefined || Boolean(env['AWS_PROFILE']);
    return asked ? unsupported(`there is no profile ${name} in ${files.join(' or ')}`) : undefined;
  }
  const both = { ...ofConfig, ...ofCredentials };
  const way = otherWays.find((key) => both[key]);
  if (way !== undefined) {
    const remedy = `\`aws configure export-credentials --profile ${name} --format env\` prints keys to set`;
    return unsupported(`profile ${name} uses ${way}, which is not supported. ${supported}; ${remedy}`);
  }
  // Both keys of a pair come from one file.
  const pair = [ofCredentials, ofConfig].find((keys) => keys?.['aws_access_key_id']);
  const accessKeyId = pair?.['aws_access_key_id'];
  const secretAccessKey = pair?.['aws_secret_access_key'];
  if (!accessKeyId) return undefined;
  if (!secretAccessKey)
    return unsupported(`profile ${name} has an access key id without a secret access key`);
  const keys = keysFrom({
    accessKeyId,
    secretAccessKey,
    sessionToken: pair?.['aws_session_token'] || undefined,
  });
  return keys.kind === 'found'
    ? { ...keys, region: regionOfEnv(env) ?? (both['region'] || undefined) }
    : keys;
}

function regionOfEnv(env: CredentialDeps['env']): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;
}

function unsupported(message: string): FoundCredentials {
  return { kind: 'unsupported', message };
}
