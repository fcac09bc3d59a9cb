import { createGithubHost, createGithubReceiver } from '../adapters/github/index.ts';
import { createGitlabHost, createGitlabReceiver } from '../adapters/gitlab/index.ts';
import type { HostConfig } from '../config/config.ts';
import { repositoryMatcher } from '../domain/repository-pattern.ts';
import type { Timeouts } from '../net/request.ts';
import type { Host, Receiver } from '../ports/host.ts';
import type { ObserveHostRequest } from '../ports/telemetry.ts';
import type { Foundation } from './foundation.ts';

/** A host that can be asked, and the user and password that git shows there. */
export interface ConnectedHost {
  readonly host: Host;
  gitLogin(repositoryId: string, signal: AbortSignal): Promise<string>;
}

/**
 * The receivers of the configured hosts by the last part of their webhook's address: the host's id, and its kind where
 * it is the only one of that kind.
 */
export function createReceivers({ config }: Foundation): ReadonlyMap<string, Receiver> {
  const receivers = new Map<string, Receiver>();
  for (const host of config.hosts) {
    const secrets = (): readonly string[] => host.webhookSecrets.map((secret) => secret());
    const { id, url, kind } = host;
    const settings = { id, url, secrets, repositories: servedBy(host) };
    const receiver = kind === 'gitlab' ? createGitlabReceiver(settings) : createGithubReceiver(settings);
    if (config.hosts.filter((other) => other.kind === kind).length === 1) receivers.set(kind, receiver);
    receivers.set(id, receiver);
  }
  return receivers;
}

/** The configured hosts, by id. */
export function connectHosts(
  foundation: Foundation,
  timeouts: Timeouts | undefined,
  observe?: ObserveHostRequest,
): ReadonlyMap<string, ConnectedHost> {
  const { clock, log, dispatchers } = foundation;
  const deps = { clock, log, dispatchers, observe };
  return new Map(foundation.config.hosts.map((host) => [host.id, connect(host, timeouts, deps)]));
}

function connect(
  config: HostConfig,
  timeouts: Timeouts | undefined,
  deps: Pick<Foundation, 'clock' | 'log' | 'dispatchers'> & {
    readonly observe: ObserveHostRequest | undefined;
  },
): ConnectedHost {
  const { id, url, ca } = config;
  const tls = ca === undefined ? {} : { ca };
  const common = { id, url, tls, timeouts, repositories: servedBy(config) };
  if (config.kind === 'gitlab') {
    const { token } = config;
    return {
      host: createGitlabHost({ ...common, token }, deps),
      gitLogin: async () => `oauth2:${token()}`,
    };
  }
  const host = createGithubHost(
    { ...common, credentials: githubCredentials(config), patterns: config.repositories },
    deps,
  );
  return {
    host,
    gitLogin: async (repositoryId, signal) => `x-access-token:${await host.gitToken(repositoryId, signal)}`,
  };
}

/** The configuration was checked: there is one of the two. */
function githubCredentials({ app, token }: Extract<HostConfig, { readonly kind: 'github' }>) {
  if (app !== undefined) return { kind: 'app', ...app } as const;
  return { kind: 'token', token: token ?? (() => '') } as const;
}

/** Whether the configuration names the repository with a path. */
export function servedBy(host: HostConfig): (path: string) => boolean {
  return repositoryMatcher(host.repositories);
}
