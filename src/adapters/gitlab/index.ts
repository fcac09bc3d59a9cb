import type { Log } from '../../log.ts';
import type { Host } from '../../ports/host.ts';
import { createGitlabChanges } from './changes.ts';
import { createGitlabClient } from './client.ts';
import type { GitlabClientConfig, GitlabClientDeps } from './client.ts';
import { createGitlabComments } from './comments.ts';
import { createGitlabPeople } from './people.ts';
import { createGitlabProduction } from './production.ts';
import { createGitlabReporter } from './reporter.ts';

export { createGitlabReceiver } from './receiver.ts';

/** A GitLab instance as the server's configuration names it. */
export interface GitlabHostConfig extends GitlabClientConfig {
  /** Whether the configuration names the repository with this path. */
  readonly repositories: (path: string) => boolean;
}

/** What the adapter needs of the world. */
export interface GitlabHostDeps extends GitlabClientDeps {
  readonly log: Log;
}

/** GitLab, as use cases see it. */
export function createGitlabHost(config: GitlabHostConfig, deps: GitlabHostDeps): Host {
  const client = createGitlabClient(config, deps);
  return {
    id: config.id,
    changes: createGitlabChanges({ client, log: deps.log, named: config.repositories }),
    reporter: createGitlabReporter({ client, clock: deps.clock, log: deps.log }),
    comments: createGitlabComments(client),
    people: createGitlabPeople(client),
    production: createGitlabProduction({ client, clock: deps.clock, log: deps.log }),
  };
}
