import { UserError } from '../../errors.ts';
import { isAnswer } from '../../net/host-answer.ts';
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

/** Requests through a client, to where the directory says a repository is. */
export function createInRepository(client: GithubClient, directory: Directory): InRepository {
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

  async function attempt(wanted: Parameters<InRepository['send']>[0], signal: AbortSignal): Promise<Answer> {
    const repository = await find(wanted.repositoryId, signal);
    const { owner, name: repo } = repository;
    const route = wanted.route.replace(' ', ' /repos/{owner}/{repo}');
    const parameters = { owner, repo, ...wanted.parameters };
    return client.send({ route, parameters, as: authorityOf(repository, wanted.purpose) }, signal);
  }

  return {
    async send(wanted, signal) {
      try {
        return await attempt(wanted, signal);
      } catch (thrown) {
        // It was renamed or transferred: GitHub says so instead of carrying anything out.
        if (!isAnswer(thrown, 'host-redirect')) throw thrown;
        directory.forget(wanted.repositoryId);
        return attempt(wanted, signal);
      }
    },
    async gitToken(repositoryId, signal) {
      const repository = await find(repositoryId, signal);
      const header = await client.authorise(authorityOf(repository, 'git'), false);
      return header.slice(header.indexOf(' ') + 1);
    },
  };
}
