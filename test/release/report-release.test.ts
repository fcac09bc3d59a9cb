import { describe, expect, test } from 'vitest';
import { RetryableError, UserError } from '../../src/errors.ts';
import type { DeploymentStatus, Host } from '../../src/ports/host.ts';
import { reportRelease, type ReleaseReporting } from '../../src/release/report-release.ts';
import { createKeptLog } from '../support/log.ts';
import { createMemoryReleases } from '../support/memory-releases.ts';
import { createMemoryBranch } from '../support/release/memory-branch.ts';
import { lineId, sampleRelease } from './sample.ts';

const forbidden = new UserError('status-forbidden', 'GitLab answers 403', 'Allow it.');

/** Tells of a release that serves, to a host whose production is partly this. */
async function told(over: Partial<Host['production']>, disclose: ReleaseReporting['disclose'] = 'names') {
  const { host, repository } = createMemoryBranch({ 'README.md': '1' });
  const deployments: DeploymentStatus[] = [];
  const production: Host['production'] = {
    ...host.production,
    setDeployment: async (_commit, status, memory) => {
      deployments.push(status);
      return memory;
    },
    ...over,
  };
  const releases = createMemoryReleases();
  const release = await releases.saveRelease(
    sampleRelease({
      line: { ...lineId, host: host.id },
      repository,
      outcome: 'released',
      rollout: {
        rolloutId: 'r',
        service: 'auto-mpg',
        before: 'nothing',
        revisionBefore: undefined,
        applied: undefined,
        readySince: undefined,
        failingSince: undefined,
        revision: undefined,
        url: 'http://auto-mpg.serving.svc.cluster.local',
      },
    }),
  );
  const reporting: ReleaseReporting = {
    releaseUrl: (id) => `https://gate.example.com/releases/${id}`,
    disclose,
    runUrl: () => undefined,
    setComment: async (_host, { memory }) => memory,
  };
  const { log } = createKeptLog();
  const hosts = new Map([[host.id, { ...host, production }]]);
  const after = await reportRelease(
    release,
    { hosts, releases, reporting, log },
    new AbortController().signal,
  );
  return { deployments, isTold: after.memory['told'] !== undefined };
}

describe('a release that the host is told of', () => {
  test('the host takes no status — the deployment tells alone, and it is not asked again at each look', async () => {
    const { deployments, isTold } = await told({ setStatus: () => Promise.reject(forbidden) });

    expect(deployments.map(({ state }) => state)).toEqual(['success']);
    expect(isTold).toBe(true);
  });

  test('the host takes no deployment — the status tells alone', async () => {
    expect(await told({ setDeployment: () => Promise.reject(forbidden) })).toMatchObject({ isTold: true });
  });

  test('the host does not answer — it is told the next time', async () => {
    const away = () => Promise.reject(new RetryableError('no answer'));
    expect(await told({ setStatus: away })).toEqual({ deployments: [], isTold: false });
  });

  test.each([
    ['names', 'http://auto-mpg.serving.svc.cluster.local'],
    ['counts', undefined],
  ] as const)('%s are disclosed — the address of the service: %s', async (disclose, url) => {
    const { deployments } = await told({}, disclose);

    expect(deployments.map(({ environmentUrl }) => environmentUrl)).toEqual([url]);
  });
});
