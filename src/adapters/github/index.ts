import type { Log } from '../../log.ts';
import type { Host } from '../../ports/host.ts';
import { createGithubChanges } from './changes.ts';
import { createGithubClient } from './client.ts';
import type { GithubClientConfig, GithubClientDeps } from './client.ts';
import { createGithubComments } from './comments.ts';
import { createDirectory } from './directory.ts';
import { createInRepository } from './in-repository.ts';
import { createMe } from './me.ts';
import { createGithubPeople } from './people.ts';
import { createGithubProduction } from './production.ts';
import { createGithubReporter } from './reporter.ts';

export { apiUrlOf } from './addresses.ts';
export { createGithubReceiver } from './receiver.ts';

/** A GitHub as the server's configuration names it. */
export interface GithubHostConfig extends GithubClientConfig {
  /** Patterns of repositories; with a token each is the path of one. */
  readonly patterns: readonly string[];
  /** Whether the configuration names the repository with this path. */
  readonly repositories: (path: string) => boolean;
}

/** What the adapter needs of the world. */
export interface GithubHostDeps extends GithubClientDeps {
  readonly log: Log;
}

/** GitHub, as use cases see it; and the password that git shows there for a repository. */
export interface GithubHost extends Host {
  gitToken(repositoryId: string, signal: AbortSignal): Promise<string>;
}

/**
 * Two requests for each, twelve times an hour: with those that list them, less than half of the 5,000 that an installation
 * has in an hour (specs git-hosts 4.1).
 */
const sweptAtOnce = 80;

/** github.com or an Enterprise Server, by an App or by a user's token. */
export function createGithubHost(config: GithubHostConfig, deps: GithubHostDeps): GithubHost {
  const { id, url, credentials, patterns, repositories: named } = config;
  const { clock, log } = deps;
  const client = createGithubClient(config, deps);
  const directory = createDirectory({ client, clock, log, patterns, named });
  const repositories = createInRepository(client, directory, clock);
  const me = createMe(client);
  return {
    id,
    sweptAtOnce,
    changes: createGithubChanges({ id, url, repositories, directory }),
    reporter: createGithubReporter({ repositories, clock, credentials }),
    comments: createGithubComments(repositories, me),
    people: createGithubPeople(repositories),
    production: createGithubProduction({ repositories, clock, credentials, me }),
    gitToken: (repositoryId, signal) => repositories.gitToken(repositoryId, signal),
  };
}
