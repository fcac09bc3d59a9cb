import type { User } from './state.ts';

/** Where things are deployed to. */
export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly createdAt: Date;
  externalUrl: string | undefined;
  updatedAt: Date;
}

/** States that a client may write; `created` is what a deployment is before the first of them. */
export const deploymentStates = ['running', 'success', 'failed', 'canceled'] as const;

/** One of them. */
export type DeploymentState = (typeof deploymentStates)[number];

/** A commit on its way to an environment. */
export interface Deployment {
  readonly id: number;
  readonly iid: number;
  readonly environment: Environment;
  readonly sha: string;
  readonly ref: string;
  readonly tag: boolean;
  readonly user: User;
  readonly createdAt: Date;
  status: 'created' | DeploymentState;
  updatedAt: Date;
}
