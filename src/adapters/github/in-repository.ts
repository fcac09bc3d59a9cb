import { UserError } from '../../errors.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Answer, GithubClient } from './client.ts';
import type { Directory, KnownRepository } from './directory.ts';
import type { Purpose } from './tokens.ts';

/** Requests to one repository, which our records know by its id. */
export interface InRepository {
  /**
   * `route` begins below the repository: `GET /pulls/{pull_number}`.
   * @throws UserError `host-not-found` when we may not reach the repository; what the client throws.
   */
  send(
    wanted: {
      readonly repositoryId: string;
      readonly route: string;
      readonly parameters?: Readonly<Record<string, unknown>>;
      readonly purpose: Purpose;
    },
    signal: AbortSignal,
  ): Promise<Answer>;
  /** The value of an `authorization` header that git may use for the repository. */
  gitToken(repositoryId: string, signal: AbortSignal): Promise<string>;
}

/** How long git uses one token. */
const gitTokenMs = 5 * 60_000;

/** Requests through a client, to where the directory says a repository is. */
export function createInRepository(
  client: GithubClient,
  directory: Directory,
  clock: Pick<Clock, 'now'>,
): InRepository {
  const minted = new Map<string, number>();

  async function find(repositoryId: string, signal: AbortSignal): Promise<KnownRepository> {
    const repository = await directory.find(repositoryId, signal);
    if (repository !== undefined) return repository;
    const message = `GitHub ${client.id} shows us no repository ${repositoryId}`;
    throw new UserError(
      'host-not-found',
      message,
      'Install the App for it, or name it in the configuration.',
    );
  }

  const authorityOf = ({ id, installationId }: KnownRepository, purpose: Purpose) =>
    ({ kind: 'repository', installationId, repositoryId: id, purpose }) as const;

  /** Does it, and once more when the repository turns out to be elsewhere: what was refused was not carried out. */
  async function within<T>(
    repositoryId: string,
    work: (repository: KnownRepository) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const before = await find(repositoryId, signal);
    try {
      return await work(before);
    } catch (thrown) {
      const leastMs = isMoved(thrown);
      const renewed = leastMs === undefined ? undefined : await directory.renew(before, leastMs, signal);
      if (renewed === undefined) throw asForbidden(thrown);
      const after = renewed.repository ?? (await find(repositoryId, signal));
      return work(after).catch((again: unknown) => Promise.reject(asForbidden(again)));
    }
  }

  return {
    send({ repositoryId, route, parameters, purpose }, signal) {
      const send = (repository: KnownRepository): Promise<Answer> => {
        const { owner, name: repo } = repository;
        const call = {
          route: route.replace(' ', ' /repos/{owner}/{repo}'),
          parameters: { owner, repo, ...parameters },
        };
        return client.send({ ...call, as: authorityOf(repository, purpose) }, signal);
      };
      return within(repositoryId, send, signal);
    },
    async gitToken(repositoryId, signal) {
      // Git cannot ask again with another token when one was revoked, and one has to last as long as a fetch.
      const now = clock.now().getTime();
      const fresh = now - (minted.get(repositoryId) ?? Number.NEGATIVE_INFINITY) > gitTokenMs;
      const authorise = (repository: KnownRepository): Promise<string> =>
        client.authorise(authorityOf(repository, 'git'), fresh, signal);
      const header = await within(repositoryId, authorise, signal);
      if (fresh) minted.set(repositoryId, now);
      return header.slice(header.indexOf(' ') + 1);
    },
  };
}

/**
 * Whether an answer may mean that the repository has another path or installation now; then how old what we know of it
 * has to be, in milliseconds, to be worth another look. A redirect is sure; most of what is not found never was there.
 */
function isMoved(thrown: unknown): number | undefined {
  if (isAnswer(thrown, 'host-redirect')) return 0;
  if (isAnswer(thrown, 'host-not-installed')) return 60_000;
  if (isAnswer(thrown, 'host-not-found')) return 600_000;
  return undefined;
}

/** The installation is the right one: it was given less than was asked for. */
function asForbidden(thrown: unknown): unknown {
  if (!isAnswer(thrown, 'host-not-installed')) return thrown;
  return new UserError('host-forbidden', thrown.message, thrown.remedy, { cause: thrown });
}
