import { describe, expect, test } from 'vitest';
import { guardHost } from '../../src/compose/guarded-host.ts';
import { AbortError, UserError } from '../../src/errors.ts';
import type { DeployedCommit, DeploymentStatus } from '../../src/ports/host.ts';
import { createGateWorld } from '../support/gate-world.ts';
import { sampleRun, sampleSha } from '../support/sample-run.ts';
import { createKeptTelemetry } from '../support/telemetry.ts';

const never = new AbortController().signal;
const commit: DeployedCommit = {
  repository: sampleRun().change.repository,
  branch: 'main',
  sha: sampleSha('c'),
  environment: 'prod',
};
const status: DeploymentStatus = {
  state: 'success',
  description: 'in service',
  url: 'https://gate.example.com/releases/1',
  release: 'release-1',
  environmentUrl: undefined,
};

function begin() {
  const world = createGateWorld();
  const { telemetry, told } = createKeptTelemetry();
  const host = world.deps.hosts.get('corp');
  if (host === undefined) throw new Error('no host');
  const switched = { paused: false };
  const pause = { at: '2026-01-01T00:00:00Z', actor: 'ops', reason: 'moving' } as const;
  const pauseSwitch = { current: async () => (switched.paused ? pause : undefined) };
  return { world, told, switched, guarded: guardHost(host, { pauseSwitch, telemetry }).production };
}

describe('production at a host', () => {
  test('while effects are paused — nothing is written, and everything is read', async () => {
    const { world, told, switched, guarded } = begin();
    await guarded.setDeployment(commit, status, {}, never);
    await guarded.setStatus(commit, status, {}, never);
    switched.paused = true;
    const failed = { ...status, state: 'failure' } as const;

    await expect(guarded.setStatus(commit, failed, {}, never)).rejects.toEqual(new AbortError('paused'));
    await expect(guarded.setDeployment(commit, failed, {}, never)).rejects.toBeInstanceOf(AbortError);
    expect(await guarded.shownState(commit, never)).toBe('success');
    expect(await guarded.lastDeployed(commit.repository.id, 'prod', never)).toBe(commit.sha);
    expect(world.production.deployments.map((one) => one.status.state)).toEqual(['success']);
    expect(told).toEqual([
      'modelgate_report_writes_total{corp,deployment,written}',
      'modelgate_report_writes_total{corp,status,written}',
      'modelgate_report_writes_total{corp,status,paused}',
      'modelgate_report_writes_total{corp,deployment,paused}',
    ]);
  });

  test('a host that refuses — is counted as that', async () => {
    const { world, told, guarded } = begin();
    world.production.before = () => {
      throw new UserError('deployment-forbidden', 'no', 'ask');
    };

    await expect(guarded.setDeployment(commit, status, {}, never)).rejects.toBeInstanceOf(UserError);
    expect(told).toEqual(['modelgate_report_writes_total{corp,deployment,refused}']);
  });
});
