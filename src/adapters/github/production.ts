import { isAnswer } from '../../net/host-answer.ts';
import type { DeployedCommit, DeploymentStatus, ProductionReporter, ShownState } from '../../ports/host.ts';
import { findLatest } from './check-run.ts';
import { findStatus } from './commit-status.ts';
import type { DeploymentDeps } from './deployments.ts';
import { lastDeployed, setDeployment, unfinished } from './set-deployment.ts';
import { setStatus, type StatusDeps } from './set-status.ts';
import { placeOfCommit } from './status-place.ts';
import { shownByCheck, shownByStatus } from './status-words.ts';

/** Shows on GitHub how merged commits get to production: by a check or commit status, and by deployments. */
export function createGithubProduction(deps: StatusDeps & DeploymentDeps): ProductionReporter {
  return {
    setStatus(commit, status, memory, signal) {
      const { state, description, url, release } = status;
      const shown = { state, description, url, evaluation: release };
      return setStatus(deps, { place: placeOfCommit(commit), status: shown, memory }, signal);
    },
    async shownState(commit, signal) {
      try {
        return await readState(deps, commit, signal);
      } catch (thrown) {
        // There is no such commit.
        if (isAnswer(thrown, 'host-not-found', 'host-refused')) return undefined;
        throw thrown;
      }
    },
    setDeployment: (commit, status: DeploymentStatus, memory, signal) =>
      setDeployment(deps, { commit, status, memory }, signal),
    lastDeployed: (repositoryId, environment, signal) =>
      lastDeployed(deps, { repositoryId, environment }, signal),
    unfinished: (repositoryId, environment, signal) =>
      unfinished(deps, { repositoryId, environment }, signal),
  };
}

async function readState(
  { repositories, clock, credentials }: StatusDeps,
  commit: DeployedCommit,
  signal: AbortSignal,
): Promise<ShownState> {
  const place = placeOfCommit(commit);
  if (credentials.kind === 'token') {
    const status = await findStatus(repositories, place, signal);
    return status && shownByStatus(status);
  }
  const run = await findLatest({ repositories, clock, appId: credentials.id }, place, signal);
  return run && shownByCheck(run);
}
