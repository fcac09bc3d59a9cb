import { createGitlabHost, createGitlabReceiver } from '../adapters/gitlab/index.ts';
import type { HostConfig } from '../config/config.ts';
import { matchesRepository } from '../domain/repository-pattern.ts';
import type { Repository } from '../domain/repository.ts';
import type { Timeouts } from '../net/request.ts';
import type { Host, Receiver } from '../ports/host.ts';
import type { Foundation } from './foundation.ts';

/**
 * The receivers of the configured hosts by the last part of their webhook's address: the host's id, and its kind where
 * it is the only one of that kind.
 */
export function createReceivers({ config }: Foundation): ReadonlyMap<string, Receiver> {
  const receivers = new Map<string, Receiver>();
  for (const host of config.hosts) {
    const secrets = (): readonly string[] => host.webhookSecrets.map((secret) => secret());
    const { id, url, kind } = host;
    const receiver = createGitlabReceiver({ id, url, secrets, repositories: servedBy(host) });
    if (config.hosts.filter((other) => other.kind === kind).length === 1) receivers.set(kind, receiver);
    receivers.set(id, receiver);
  }
  return receivers;
}

/** The configured hosts, by id. */
export function createHosts(
  { config, clock, log, dispatchers }: Foundation,
  timeouts: Timeouts | undefined,
): ReadonlyMap<string, Host> {
  const instance = config.redis.prefix;
  return new Map(
    config.hosts.map((host) => {
      const { id, url, token, ca } = host;
      const tls = ca === undefined ? {} : { ca };
      const settings = { id, url, token, tls, timeouts, instance, repositories: servedBy(host) };
      return [id, createGitlabHost(settings, { clock, log, dispatchers })];
    }),
  );
}

/** How git reaches a repository: the address of the configured host, its token in a header. */
export function gitAccess(
  { config }: Foundation,
  repository: Repository,
): { readonly url: string; readonly authorization: string } | undefined {
  const host = config.hosts.find((candidate) => candidate.id === repository.host);
  if (host === undefined || !servedBy(host)(repository.path)) return undefined;
  const basic = Buffer.from(`oauth2:${host.token()}`).toString('base64');
  return { url: `${host.url.replace(/\/+$/, '')}/${repository.path}.git`, authorization: `Basic ${basic}` };
}

function servedBy(host: HostConfig): (path: string) => boolean {
  return (path) => matchesRepository(host.repositories, path);
}
