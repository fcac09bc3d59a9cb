import { beforeEach, describe, expect, test } from 'vitest';
import type { ReleaseLine, ReleaseOutcome } from '../../src/domain/release.ts';
import type { Run } from '../../src/domain/run.ts';
import { takeIn } from '../../src/release/take-in.ts';
import type { ReleaseDeps } from '../../src/release/world.ts';
import { createKeptLog } from '../support/log.ts';
import { createMemoryReleases, type MemoryReleases } from '../support/memory-releases.ts';
import { sampleRun } from '../support/sample-run.ts';
import { lineId, now, sampleLine, sampleRelease, sha } from './sample.ts';

let releases: MemoryReleases;
beforeEach(() => (releases = createMemoryReleases()));

/** What becomes of a line when this green commit is the tip of the branch. */
async function taken(
  line: Partial<ReleaseLine>,
  head: string,
  branch = 'main',
): Promise<ReleaseLine | undefined> {
  await releases.saveLine(sampleLine(line));
  const sample = sampleRun();
  const run: Run = {
    ...sample,
    state: 'judged',
    trouble: undefined,
    decision: { verdict: 'passed', blocking: false },
    change: { ...sample.change, head: sha(head) },
  };
  const deps = {
    hosts: new Map(),
    releases,
    runs: {
      loadSubject: async () => ({
        v: 1,
        rev: 1,
        generation: 1,
        runId: run.id,
        fresh: 0,
        runFresh: 0,
        memory: {},
      }),
      loadRun: async () => run,
    },
    clock: { now: () => now },
    log: createKeptLog().log,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is used of what releases need
  return takeIn(lineId, branch, deps as unknown as ReleaseDeps, new AbortController().signal);
}

/** Commit a was on its way before. */
async function cameTo(outcome: ReleaseOutcome | undefined): Promise<void> {
  await releases.saveRelease(sampleRelease({ outcome }));
}

describe('a branch that is moved back to a commit', () => {
  const released = { commit: sha('b'), releaseId: 'r', at: now.toISOString(), metrics: {} };
  const line = { settled: released, released };

  test.each(['released', 'superseded'] as const)('that was %s — it begins anew', async (outcome) => {
    await cameTo(outcome);
    expect((await taken(line, 'a'))?.waiting).toMatchObject({ commit: sha('a'), attempt: 2 });
  });

  test.each(['failed', 'rolled-back', 'nothing-to-release'] as const)(
    'that had come to "%s" — is for people to retry',
    async (outcome) => {
      await cameTo(outcome);
      expect((await taken(line, 'a'))?.waiting).toBeUndefined();
    },
  );

  test('that is on its way, and the line forgot it — goes on', async () => {
    await cameTo(undefined);
    expect((await taken(line, 'a'))?.waiting).toMatchObject({ commit: sha('a'), attempt: 1 });
  });

  test('that serves, after one that failed — there is nothing to do', async () => {
    const failed = { commit: sha('c'), releaseId: 'f', at: now.toISOString() };
    expect((await taken({ settled: failed, released }, 'b'))?.waiting).toBeUndefined();
  });
});

test('the policy names another branch from now on — its commit is of that branch', async () => {
  const line = await taken({ branch: 'main' }, 'a', 'production');
  expect(line).toMatchObject({ branch: 'production', waiting: { commit: sha('a'), branch: 'production' } });
});
