import { shortSha } from '../../domain/repository.ts';
import { UserError } from '../../errors.ts';
import { orUndefined } from '../../net/host-answer.ts';
import type { DeployedCommit, ProductionReporter, ShownState } from '../../ports/host.ts';
import { listOurStatuses, productionContext } from './commit-status.ts';
import type { StatusPlace } from './commit-status.ts';
import { lastDeployed, setDeployment, unfinished } from './set-deployment.ts';
import { longest, toWords } from './status-words.ts';
import { tryPlace } from './try-place.ts';
import type { StatusDeps } from './try-place.ts';

/** Shows on GitLab how merged commits get to production: by a commit status, and by deployments to an environment. */
export function createGitlabProduction(deps: StatusDeps): ProductionReporter {
  const { client } = deps;
  return {
    async setStatus(commit, status, memory, signal) {
      const outcome = await tryPlace(deps, placeOf(commit), toWords(status), signal);
      if (outcome.kind !== 'written') throw toRefusal(commit, outcome.kind);
      return outcome.pipelineId === undefined ? memory : { ...memory, pipelineId: outcome.pipelineId };
    },
    async shownState(commit, signal) {
      const ours = await orUndefined(listOurStatuses(client, placeOf(commit), signal));
      return shownBy(ours?.[0]?.status);
    },
    setDeployment: (commit, status, memory, signal) =>
      setDeployment(deps, { commit, status, memory }, signal),
    lastDeployed: (repositoryId, environment, signal) =>
      lastDeployed(client, { repositoryId, environment }, signal),
    unfinished: (repositoryId, environment, signal) =>
      unfinished(client, { repositoryId, environment }, signal),
  };
}

/**
 * In the newest pipeline of the branch, or one of its own. The commit may be the head of a merge request as well: what
 * stands in the pipelines of that is the gate's.
 */
function placeOf({ repository, branch, sha }: DeployedCommit): StatusPlace {
  const ref = branch.length <= longest ? branch : undefined;
  return {
    projectId: repository.id,
    sha,
    pipelineId: undefined,
    ref,
    context: productionContext,
    branch: ref,
  };
}

function shownBy(status: string | undefined): ShownState {
  switch (status) {
    case 'created':
    case 'pending':
    case 'running':
      return 'running';
    case 'success':
      return 'success';
    case 'failed':
      return 'failure';
    case 'canceled':
      return 'cancelled';
    default:
      return undefined;
  }
}

function toRefusal(
  { repository, branch, sha }: DeployedCommit,
  kind: 'unseen' | 'unreferenced' | 'forbidden',
): UserError {
  const what = `the commit ${shortSha(sha)} of ${repository.path}`;
  if (kind === 'forbidden') {
    return new UserError(
      'status-forbidden',
      `GitLab does not let the user of the token write a status for ${what}`,
      `Make the user of the token a Developer, and let it push or merge to the protected branch ${branch}: GitLab asks for both.`,
    );
  }
  return new UserError(
    'head-gone',
    `${what} is not there, or not for the user of the token`,
    `Check that the user of the token is a member of the project, and that ${branch} still holds the commit.`,
  );
}
