import { isRegion, parseS3Url } from '../../../domain/s3-location.ts';
import path from 'node:path';

import { defaultTimeouts } from '../../../net/request.ts';
import type { DataRemote } from '../../../ports/object-store.ts';
import { keysFrom } from '../credentials/credentials.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { defaultCredentials } from '../credentials/default-chain.ts';
import type { CredentialDeps } from '../credentials/default-chain.ts';
import { parseEndpoint } from './address.ts';
import type { S3StoreConfig, TlsSource } from './config.ts';

type Settings = DataRemote['settings'];

/** What reading an S3 remote needs of the machine. */
export interface SettingsDeps extends CredentialDeps {
  /** The project: relative paths in settings count from its `.dvc` (specs dvc 3.3). */
  readonly directory: string;
}

/** A remote by DVC's own settings (specs dvc 3.2), or why they cannot be followed. */
export function s3ConfigOf(remote: DataRemote, deps: SettingsDeps): S3StoreConfig | string {
  const { settings } = remote;
  const location = parseS3Url(remote.url);
  if (location === undefined) return 'the url does not name a bucket as s3://bucket/prefix';
  if (settings['sse_customer_key'])
    return 'objects encrypted with a key of your own (sse_customer_key) cannot be looked up';
  const written = settings['endpointurl'] || endpointOfEnv(deps.env);
  const endpoint = parseEndpoint(written);
  if (written && endpoint === undefined)
    return 'endpointurl is no http or https address without credentials and query';
  const region = settings['region'] || undefined;
  if (region !== undefined && !isRegion(region)) return 'region is not the name of a region';
  const seconds = Number(settings['read_timeout']);
  return {
    location,
    server: { endpoint, secure: !isFalse(settings['use_ssl']) },
    region,
    credentials: credentialsOf(settings, deps),
    tls: tlsOf(settings, deps),
    timeouts: seconds > 0 ? { ...defaultTimeouts, headersMs: Math.min(seconds, 300) * 1000 } : undefined,
  };
}

function credentialsOf(settings: Settings, deps: SettingsDeps): CredentialSource {
  if (isTrue(settings['allow_anonymous_login'])) {
    return () => Promise.resolve({ kind: 'found', credentials: { kind: 'anonymous' }, region: undefined });
  }
  const accessKeyId = settings['access_key_id'];
  if (accessKeyId) {
    const secretAccessKey = settings['secret_access_key'] ?? '';
    const keys = keysFrom({
      accessKeyId,
      secretAccessKey,
      sessionToken: settings['session_token'] || undefined,
    });
    return () => Promise.resolve(keys);
  }
  return defaultCredentials(deps, {
    profile: settings['profile'] || undefined,
    credentialPath: fileOf(settings['credentialpath'], deps),
    configPath: fileOf(settings['configpath'], deps),
  });
}

/** `ssl_verify` is true, false, or the path of certificates to trust. */
function tlsOf(settings: Settings, deps: SettingsDeps): TlsSource {
  const verify = settings['ssl_verify'];
  if (isFalse(verify)) return () => Promise.resolve({ verify: false });
  const file = isTrue(verify) ? undefined : fileOf(verify || deps.env['AWS_CA_BUNDLE'], deps);
  if (file === undefined) return () => Promise.resolve({});
  return async () => {
    const ca = await deps.readFile(file);
    return ca === undefined
      ? { kind: 'unsupported', message: `the certificates in ${file} cannot be read` }
      : { ca };
  };
}

function endpointOfEnv(env: CredentialDeps['env']): string | undefined {
  if (isTrue(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])) return undefined;
  return env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined;
}

function fileOf(written: string | undefined, deps: SettingsDeps): string | undefined {
  if (!written) return undefined;
  return written.startsWith('~/')
    ? path.join(deps.home, written.slice(2))
    : path.resolve(deps.directory, '.dvc', written);
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true';
}

function isFalse(text: string | undefined): boolean {
  return text?.toLowerCase() === 'false';
}
