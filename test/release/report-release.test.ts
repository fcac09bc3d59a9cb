import { describe, expect, test } from 'vitest';
import { RetryableError, UserError } from '../../src/errors.ts';
import type { DeploymentStatus, Host } from '../../src/ports/host.ts';
import { reportRelease, reportWaiting, type ReleaseReporting } from '../../src/release/report-release.ts';
import { createKeptLog } from '../support/log.ts';
import { createMemoryReleases } from '../support/memory-releases.ts';
import { createMemoryBranch } from '../support/release/memory-branch.ts';
import { lineId, sampleLine, sampleRelease, sha } from './sample.ts';

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
  const reporting = reportingOf(disclose);
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
    expect(await told({ setDeployment: away })).toEqual({ deployments: [], isTold: false });
    // A deployment can be listed: it is there before the status says that anything is under way.
    expect(await told({ setStatus: away })).toMatchObject({
      deployments: [{ state: 'success' }],
      isTold: false,
    });
  });

  test.each([
    ['names', 'http://auto-mpg.serving.svc.cluster.local'],
    ['counts', undefined],
  ] as const)('%s are disclosed — the address of the service: %s', async (disclose, url) => {
    const { deployments } = await told({}, disclose);

    expect(deployments.map(({ environmentUrl }) => environmentUrl)).toEqual([url]);
  });
});

test('a commit that waits — has no page of its own yet: the status leads to that of its line', async () => {
  const { host, repository } = createMemoryBranch({ 'README.md': '1' });
  const urls: string[] = [];
  const production = {
    ...host.production,
    setStatus: () => Promise.reject(forbidden),
    setDeployment: async (_commit: unknown, { url }: DeploymentStatus) => {
      urls.push(url);
      return {};
    },
  };
  const waiting = { commit: sha('b'), branch: 'main', attempt: 1 };
  const line = {
    ...sampleLine({ active: { ...waiting, commit: sha('a') }, waiting, repository }),
    line: { ...lineId, host: host.id },
  };
  const deps = {
    hosts: new Map([[host.id, { ...host, production }]]),
    releases: createMemoryReleases(),
    reporting: reportingOf('names'),
    log: createKeptLog().log,
  };
  await reportWaiting(line, waiting, deps, new AbortController().signal);

  expect(urls).toEqual(['https://gate.example.com/releases?line=1']);
});

function reportingOf(disclose: ReleaseReporting['disclose']): ReleaseReporting {
  return {
    releaseUrl: (id) => `https://gate.example.com/releases/${id}`,
    lineUrl: () => 'https://gate.example.com/releases?line=1',
    disclose,
    runUrl: () => undefined,
    setComment: async (_host, { memory }) => memory,
  };
}
