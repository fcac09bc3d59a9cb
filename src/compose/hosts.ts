import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGitlabHost, createGitlabReceiver } from '../adapters/gitlab/index.ts';
import type { HostConfig } from '../config/config.ts';
import { repositoryMatcher } from '../domain/repository-pattern.ts';
import type { Repository } from '../domain/repository.ts';
import type { Timeouts } from '../net/request.ts';
import type { Host, Receiver } from '../ports/host.ts';
import type { ObserveHostRequest } from '../ports/telemetry.ts';
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
  observe?: ObserveHostRequest,
): ReadonlyMap<string, Host> {
  const instance = config.redis.prefix;
  return new Map(
    config.hosts.map((host) => {
      const { id, url, token, ca } = host;
      const tls = ca === undefined ? {} : { ca };
      const settings = { id, url, token, tls, timeouts, instance, repositories: servedBy(host) };
      return [id, createGitlabHost(settings, { clock, log, dispatchers, observe })];
    }),
  );
}

/** Where git finds a repository, and what it shows there. */
interface GitAccess {
  readonly url: string;
  readonly authorization: string;
  readonly caFile: string | undefined;
}

/**
 * How git reaches a repository: the address of the configured host, its token in a header. Git takes certificates from
 * files alone: they are written into the directory when a host with some is first asked for.
 */
export function createGitAccess(
  { config }: Pick<Foundation, 'config'>,
  directory: string,
): (repository: Repository) => Promise<GitAccess | undefined> {
  const written = new Map<string, Promise<string>>();

  function caFileOf({ id, ca }: HostConfig): Promise<string> | undefined {
    if (ca === undefined) return undefined;
    const file = written.get(id) ?? writeCertificates(join(directory, 'certificates'), id, ca);
    written.set(id, file);
    file.catch(() => written.delete(id));
    return file;
  }

  return async (repository) => {
    const host = config.hosts.find((candidate) => candidate.id === repository.host);
    if (host === undefined || !servedBy(host)(repository.path)) return undefined;
    const basic = Buffer.from(`oauth2:${host.token()}`).toString('base64');
    const url = `${host.url.replace(/\/+$/, '')}/${repository.path}.git`;
    return { url, authorization: `Basic ${basic}`, caFile: await caFileOf(host) };
  };
}

async function writeCertificates(directory: string, name: string, pem: string): Promise<string> {
  const file = join(directory, `${name}.pem`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, pem, { mode: 0o600 });
  return file;
}

function servedBy(host: HostConfig): (path: string) => boolean {
  return repositoryMatcher(host.repositories);
}
