import type { User } from './state.ts';

/** How a deployment stands. */
export const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const;

/** One of them. */
export type DeploymentState = (typeof deploymentStates)[number];

/** A commit on its way to an environment. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  /** As it was named: a branch, a tag or a SHA. */
  readonly ref: string;
  readonly task: string;
  /** An object, or the text that was sent. */
  readonly payload: unknown;
  readonly originalEnvironment: string;
  readonly description: string | undefined;
  readonly transient: boolean;
  readonly production: boolean;
  readonly creator: User;
  readonly createdAt: Date;
  /** Oldest first. */
  readonly statuses: DeploymentStatus[];
  environment: string;
  updatedAt: Date;
}

/** What was said of a deployment. */
export interface DeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly description: string;
  readonly environment: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly creator: User;
  readonly createdAt: Date;
}
