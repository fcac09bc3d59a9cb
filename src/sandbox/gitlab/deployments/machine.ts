import { invalidRecord } from '../refusal.ts';
import type { Deployment, DeploymentState } from '../state-deployments.ts';

const events: Readonly<Record<DeploymentState, string>> = {
  running: 'run',
  success: 'succeed',
  failed: 'drop',
  canceled: 'cancel',
};

/** A deployment runs once, from the beginning; everything else may follow on anything but itself. @throws Refusal 400. */
export function move(deployment: Deployment, to: DeploymentState): void {
  const allowed = to === 'running' ? deployment.status === 'created' : deployment.status !== to;
  if (!allowed) throw invalidRecord({ status: [`cannot transition via "${events[to]}"`] });
  deployment.status = to;
}
