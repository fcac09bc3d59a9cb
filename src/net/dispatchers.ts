import type { Dispatcher } from 'undici';

import { UserError } from '../errors.ts';

/** How a host proves itself. */
export interface TlsSettings {
  /** PEM certificates to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
  /** `false` trusts anybody: only where a person asked for it. */
  readonly verify?: boolean | undefined;
  /** A client's certificate and its key, PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The name on the host's certificate, where it is another one than the host's. */
  readonly servername?: string | undefined;
}

/** Proxies as the environment names them. */
export interface ProxySettings {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  /** Comma-separated hosts that are asked directly. */
  readonly noProxy: string | undefined;
}

/** Connection pools. undici is loaded at the first request: it costs 86 ms of start (specs stack 1.4). */
export interface Dispatchers {
  /** One dispatcher for each set of TLS settings. */
  for(tls: TlsSettings): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** How connections are made: without a proxy, 64 to an origin, five seconds to connect, unless said otherwise. */
export interface DispatcherOptions {
  readonly proxy?: ProxySettings | undefined;
  /** Connections to one origin. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
}

/** The owner closes them. */
export function createDispatchers(options: DispatcherOptions = {}): Dispatchers {
  const made = new Map<string, Promise<Dispatcher>>();
  return {
    for(tls) {
      const key = JSON.stringify([tls.ca, tls.verify, tls.cert, tls.key, tls.servername]);
      const known = made.get(key) ?? makeDispatcher(options, tls);
      made.set(key, known);
      return known;
    },
    async close() {
      const all = await Promise.all(made.values());
      made.clear();
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/**
 * The proxy variables of an environment, lower-case names first as everywhere; undefined when none is set. An address
 * without scheme is an http one. @throws UserError `proxy` for an address that is none.
 */
export function proxyFrom(env: Readonly<Record<string, string | undefined>>): ProxySettings | undefined {
  const httpProxy = proxyAddress(env, 'http_proxy');
  const httpsProxy = proxyAddress(env, 'https_proxy');
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  return { httpProxy, httpsProxy, noProxy: env['no_proxy'] ?? env['NO_PROXY'] };
}

function proxyAddress(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const written = env[name] || env[name.toUpperCase()];
  if (!written) return undefined;
  const address = written.includes('://') ? written : `http://${written}`;
  if (URL.canParse(address) && /^(?:https?|socks5?):/i.test(address)) return address;
  throw new UserError(
    'proxy',
    `${name} is not the address of a proxy`,
    `Set ${name} to http://host:port, or unset it`,
  );
}

async function makeDispatcher(options: DispatcherOptions, tls: TlsSettings): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const trust = { ...(tls.ca && { ca: tls.ca }), rejectUnauthorized: tls.verify ?? true };
  const secure = {
    ...trust,
    ...(tls.cert && tls.key && { cert: tls.cert, key: tls.key }),
    ...(tls.servername && { servername: tls.servername }),
  };
  const common = {
    connections: options.connections ?? 64,
    connect: { ...secure, timeout: options.connectTimeoutMs ?? 5000 },
  };
  if (options.proxy === undefined) return new Agent(common);
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = options.proxy;
  // Empty texts keep undici from reading the environment itself. The proxy's own certificate is checked with the same CA.
  return new EnvHttpProxyAgent({
    ...common,
    httpProxy,
    httpsProxy,
    noProxy,
    requestTls: secure,
    proxyTls: trust,
  });
}
