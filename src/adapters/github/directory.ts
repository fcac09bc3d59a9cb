import type { z } from 'zod';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import { Installation, InstallationRepositories, RepositoryAnswer } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GithubClient } from './client.ts';
import { isAnswer } from '../../net/host-answer.ts';
import { readPages } from './pages.ts';

/** A repository that we may reach, and by which installation of the App. */
export interface KnownRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** undefined: we are a user with a token. */
  readonly installationId: number | undefined;
}

/** A repository as it is after another look; undefined: we may not reach it any more. */
export interface Renewed {
  readonly repository: KnownRepository | undefined;
}

/** The repositories that we may reach. GitHub's API names them by path, our records by id: paths change. */
export interface Directory {
  /** undefined: there is none with this id that we may reach. */
  find(repositoryId: string, signal: AbortSignal): Promise<KnownRepository | undefined>;
  /** All of them, as they are now; those that were pushed to last come first. */
  list(signal: AbortSignal): Promise<readonly KnownRepository[]>;
  /**
   * Looks a repository up again that was found out of date, unless all were listed less than `leastMs` ago.
   * undefined: what is known stays as it was.
   */
  renew(stale: KnownRepository, leastMs: number, signal: AbortSignal): Promise<Renewed | undefined>;
}

/** What the directory is made of. */
export interface DirectoryDeps {
  readonly client: GithubClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Patterns of the configuration; with a token each is the path of one repository. */
  readonly patterns: readonly string[];
  /** Whether the configuration names the repository with this path. */
  readonly named: (path: string) => boolean;
}

/** An id that is not there is not looked up again sooner than this: events of strangers must not make us list. */
const unknownMs = 60_000;

const maxPages = 100;

/** What is said of one that cannot be read while others can. */
const unreadable = ['host-not-found', 'host-not-installed', 'host-forbidden', 'host-redirect'] as const;

/** Lists on the first question, and again when it is asked for what it does not know. */
export function createDirectory(deps: DirectoryDeps): Directory {
  let known = new Map<string, KnownRepository>();
  let listedAt = Number.NEGATIVE_INFINITY;
  /** When an id was last found missing. */
  const missing = new Map<string, number>();
  let listing: Promise<readonly KnownRepository[]> | undefined;

  async function list(signal: AbortSignal): Promise<readonly KnownRepository[]> {
    const found = await listAll(deps, signal);
    known = new Map(found.map((repository) => [String(repository.id), repository]));
    listedAt = deps.clock.now().getTime();
    return found;
  }

  function wasMissing(repositoryId: string): boolean {
    const before = deps.clock.now().getTime() - unknownMs;
    for (const [id, at] of missing) if (at <= before) missing.delete(id);
    return missing.has(repositoryId);
  }

  const age = (): number => deps.clock.now().getTime() - listedAt;

  /** Several jobs may wait for one listing: none of them may end it for the others. */
  async function listOnce(signal: AbortSignal): Promise<void> {
    listing ??= list(new AbortController().signal).finally(() => (listing = undefined));
    await listing;
    signal.throwIfAborted();
  }

  return {
    async find(repositoryId, signal) {
      const before = known.get(repositoryId);
      if (before !== undefined || wasMissing(repositoryId)) return before;
      await listOnce(signal);
      const found = known.get(repositoryId);
      if (found === undefined) missing.set(repositoryId, deps.clock.now().getTime());
      return found;
    },
    list,
    async renew(stale, leastMs, signal) {
      const id = String(stale.id);
      if (known.get(id) === stale && age() < leastMs) return undefined;
      if (known.get(id) === stale) await listOnce(signal);
      const repository = known.get(id);
      return isSame(stale, repository) ? undefined : { repository };
    },
  };
}

function isSame(a: KnownRepository, b: KnownRepository | undefined): boolean {
  return a.owner === b?.owner && a.name === b.name && a.installationId === b.installationId;
}

async function listAll(deps: DirectoryDeps, signal: AbortSignal): Promise<readonly KnownRepository[]> {
  const found: { readonly repository: KnownRepository; readonly pushedAt: string }[] = [];
  const rows = deps.client.credentials.kind === 'app' ? ofInstallations(deps, signal) : ofPaths(deps, signal);
  for await (const [row, installationId] of rows) {
    const [owner = '', name = ''] = row.full_name.split('/');
    const repository = { id: row.id, owner, name, installationId };
    if (deps.named(row.full_name)) found.push({ repository, pushedAt: row.pushed_at ?? '' });
  }
  const newestFirst = found.toSorted((a, b) =>
    a.pushedAt < b.pushedAt ? 1 : a.pushedAt > b.pushedAt ? -1 : 0,
  );
  return newestFirst.map(({ repository }) => repository);
}

type Row = readonly [z.infer<typeof RepositoryAnswer>, number | undefined];

async function* ofInstallations({ client, log }: DirectoryDeps, signal: AbortSignal): AsyncGenerator<Row> {
  const installations = readPages({ schema: Installation, what: 'an installation', maxPages }, (page) =>
    client.send({ route: 'GET /app/installations', parameters: page, as: { kind: 'app' } }, signal),
  );
  for await (const { id, suspended_at: suspended } of installations) {
    if (typeof suspended === 'string') continue;
    const as = { kind: 'installation', installationId: id } as const;
    const what = 'a repository of an installation';
    const rowsOf = (data: unknown) => readAnswer(InstallationRepositories, data, what).repositories;
    const rows = readPages({ schema: RepositoryAnswer, what, maxPages, rowsOf }, (page) =>
      client.send({ route: 'GET /installation/repositories', parameters: page, as }, signal),
    );
    try {
      for await (const row of rows) if (row.archived !== true) yield [row, id];
    } catch (thrown) {
      // It was removed or suspended a moment ago: the others are still there.
      if (!isAnswer(thrown, ...unreadable)) throw thrown;
      log.warn({ installation: id, reason: thrown.message }, 'an installation of the App cannot be read');
    }
  }
}

/** A token's repositories are those that the configuration names one by one. */
async function* ofPaths({ client, log, patterns }: DirectoryDeps, signal: AbortSignal): AsyncGenerator<Row> {
  for (const path of patterns) {
    const [owner, repo] = path.split('/');
    const call = {
      route: 'GET /repos/{owner}/{repo}',
      parameters: { owner, repo },
      as: { kind: 'app' },
    } as const;
    try {
      const row = readAnswer(RepositoryAnswer, (await client.send(call, signal)).data, `repository ${path}`);
      if (row.archived !== true) yield [row, undefined];
    } catch (thrown) {
      // It was renamed or is not for this token: the others are still there.
      if (!isAnswer(thrown, ...unreadable)) throw thrown;
      log.warn({ repository: path, reason: thrown.message }, 'a configured repository cannot be read');
    }
  }
}
