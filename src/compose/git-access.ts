import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostConfig } from '../config/config.ts';
import type { Repository } from '../domain/repository.ts';
import type { Foundation } from './foundation.ts';
import { servedBy, type ConnectedHost } from './hosts.ts';

/** Where git finds a repository, and what it shows there. */
interface GitAccess {
  readonly url: string;
  readonly authorization: string;
  readonly caFile: string | undefined;
}

/** What a host gets to make a token for us. */
const loginMs = 60_000;

/**
 * How git reaches a repository: the address of the configured host, its token in a header. Git takes certificates from
 * files alone: they are written into the directory when a host with some is first asked for.
 */
export function createGitAccess(
  { config }: Pick<Foundation, 'config'>,
  hosts: ReadonlyMap<string, Pick<ConnectedHost, 'gitLogin'>>,
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
    const connected = hosts.get(repository.host);
    if (host === undefined || connected === undefined || !servedBy(host)(repository.path)) return undefined;
    const login = await connected.gitLogin(repository.id, AbortSignal.timeout(loginMs));
    const basic = Buffer.from(login).toString('base64');
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
