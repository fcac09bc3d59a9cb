import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { RetryableError, UserError } from '../../../errors.ts';
import type { TlsSettings } from '../../../net/dispatchers.ts';
import type { ClusterConfig, KserveDeps } from '../config.ts';
import type { Access, FindAccess } from './access.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import { settleWithin } from './settle-within.ts';

/** Credential plugins log in somewhere, which takes its time. */
const patienceMs = 20_000;

/**
 * Access by a kubeconfig or by the pod's service account, with the official client: it knows tokens in files, client
 * certificates, credential plugins and OpenID Connect. It is loaded when the cluster is first needed (half a second,
 * 90 MB), and for credentials alone: its requests make a new connection pool each, are not capped, and their errors
 * quote whole answers with their headers.
 */
export function createLibraryAccess(
  cluster: Exclude<ClusterConfig, { kind: 'given' }>,
  environment: string,
  deps: KserveDeps,
): FindAccess {
  const words = { cluster, environment };
  const told: { readonly value: string; readonly end: () => void }[] = [];
  let loaded: Promise<KubeConfig> | undefined;

  function load(): Promise<KubeConfig> {
    const loading = loaded ?? loadKubeconfig(cluster, environment, deps.env);
    loaded = loading;
    loading.catch(() => (loaded = undefined));
    return loading;
  }

  /** The token before the newest stays redacted, because it may still be on its way through a log. */
  function keepSecret(headers: Access['headers']): void {
    const value = headers['authorization']?.replace(/^\w+ /, '');
    if (value === undefined || told.some((other) => other.value === value)) return;
    told.push({ value, end: deps.addSecret(value) });
    if (told.length > 2) told.shift()?.end();
  }

  return {
    async find(signal) {
      const asked = load().then((kubeconfig) => describe(kubeconfig, words));
      // The library takes no signal: a credential plugin that hangs is left alone, and the next attempt starts anew.
      const found = await settleWithin(asked, patienceMs, signal, () => late(words));
      keepSecret(found.headers);
      return found;
    },
    forget: () => void (loaded = undefined),
  };
}

interface Words {
  readonly cluster: Exclude<ClusterConfig, { kind: 'given' }>;
  readonly environment: string;
}

async function describe(kubeconfig: KubeConfig, words: Words): Promise<Access> {
  const cluster = kubeconfig.getCurrentCluster();
  if (cluster === null || !URL.canParse(cluster.server)) throw unusable(words, 'it names no cluster');
  if (cluster.proxyUrl) throw unusable(words, 'its cluster has a proxy-url, which is not supported');
  const options: RequestOptions = {};
  try {
    await kubeconfig.applyToHTTPSOptions(options);
  } catch (thrown) {
    throw noCredentials(words, thrown);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    headers[name.toLowerCase()] = String(value).trim();
  }
  if (typeof options.auth === 'string')
    headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return { server: new URL(cluster.server), headers, tls: tlsOf(options) };
}

function tlsOf(options: RequestOptions): TlsSettings {
  return {
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    servername: options.servername,
    verify: options.rejectUnauthorized,
  };
}

function pem(value: unknown): string | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value) ? value.toString() : undefined;
}

function unusable({ cluster, environment }: Words, why: string): UserError {
  const what = cluster.kind === 'kubeconfig' ? `the kubeconfig ${cluster.path}` : "the pod's service account";
  return new UserError(
    'cluster-credentials',
    `${what} of the environment ${environment} cannot be used: ${why}`,
    `Repair it, or give environments.${environment}.kserve.cluster.`,
  );
}

/** Messages of plugins and of the library may quote secrets: only codes are told. */
function noCredentials(words: Words, thrown: unknown): RetryableError {
  const { cluster, environment } = words;
  const code = thrown instanceof Error && 'code' in thrown ? ` [${String(thrown.code)}]` : '';
  const remedy =
    cluster.kind === 'kubeconfig'
      ? `Try: kubectl --kubeconfig ${cluster.path} auth whoami`
      : 'Mount a service account token into the pod.';
  const what = `the credentials for the cluster of the environment ${environment} cannot be had${code}`;
  return new RetryableError(what, { advice: { what, remedy } });
}

function late(words: Words): RetryableError {
  return noCredentials(words, Object.assign(new Error('late'), { code: 'ETIMEDOUT' }));
}
