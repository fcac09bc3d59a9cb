import type { Sha } from '../../src/domain/repository.ts';
import type { DeployedCommit, DeploymentStatus, ProductionReporter } from '../../src/ports/host.ts';

/** A deployment as a host would show it. */
export interface MemoryDeployment {
  readonly id: number;
  readonly commit: DeployedCommit;
  status: DeploymentStatus;
}

/** What a host shows of production, in memory. */
export interface MemoryProduction {
  readonly reporter: ProductionReporter;
  /** The status `modelgate/production` of each commit. */
  readonly statuses: Map<Sha, DeploymentStatus>;
  /** Oldest first. */
  readonly deployments: MemoryDeployment[];
  /** Called before every write and read; what it throws is thrown. */
  before: (call: keyof ProductionReporter, sha: Sha | undefined) => void;
}

/** One deployment for each commit, environment and release; one status for each commit. */
export function createMemoryProduction(): MemoryProduction {
  const statuses: MemoryProduction['statuses'] = new Map();
  const deployments: MemoryDeployment[] = [];
  const production: MemoryProduction = {
    statuses,
    deployments,
    before: () => undefined,
    reporter: {
      setStatus: async (commit, status, memory) => {
        production.before('setStatus', commit.sha);
        statuses.set(commit.sha, status);
        return { ...memory, state: status.state };
      },
      shownState: async ({ sha }) => {
        production.before('shownState', sha);
        return statuses.get(sha)?.state;
      },
      setDeployment: async (commit, status, memory) => {
        production.before('setDeployment', commit.sha);
        const shown = deployments.find(
          (one) =>
            one.commit.sha === commit.sha &&
            one.commit.environment === commit.environment &&
            one.status.release === status.release,
        );
        if (shown === undefined && status.state === 'cancelled') return memory;
        const deployment = shown ?? { id: deployments.length + 1, commit, status };
        deployment.status = status;
        if (shown === undefined) deployments.push(deployment);
        return { ...memory, deploymentId: deployment.id };
      },
      unfinished: async (repositoryId, environment) => {
        production.before('unfinished', undefined);
        const running = deployments.filter(
          ({ commit, status }) =>
            commit.repository.id === repositoryId &&
            commit.environment === environment &&
            status.state === 'running',
        );
        return running.map(({ commit, status }) => ({ sha: commit.sha, release: status.release }));
      },
      lastDeployed: async (repositoryId, environment) => {
        production.before('lastDeployed', undefined);
        return deployments.findLast(
          ({ commit, status }) =>
            commit.repository.id === repositoryId &&
            commit.environment === environment &&
            status.state === 'success',
        )?.commit.sha;
      },
    },
  };
  return production;
}
