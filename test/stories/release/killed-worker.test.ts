import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sha } from '../../../src/domain/repository.ts';
import { outcomeOf, type Fate } from '../../support/release/fates.ts';
import { killPlaces } from '../../support/release/kill-places.ts';
import { createLiveWorld, type LiveWorld, type Merged } from '../../support/release/live-world.ts';
import { textAt } from '../../support/release/promises.ts';
import { eventually } from '../../support/redis.ts';
import { expectClean, ourComments } from '../../support/story-end.ts';

describe('a worker that is killed in the middle of a release', () => {
  let live: LiveWorld;
  /** The commit whose model has to be in service. */
  let inService: Sha | undefined;
  beforeAll(async () => {
    live = await createLiveWorld();
    await live.start();
  }, 30_000);
  afterAll(() => live.close());

  test.each(killPlaces)(
    '$name — another one ends it as if nothing had happened',
    { timeout: 60_000 },
    async (place) => {
      const disarm = place.arm(live);
      const merged = await live.merge(`c${killPlaces.indexOf(place)}`, place.fate, place.size);
      await live.killed();
      disarm();
      await live.start();
      await ended(merged);

      await expectEnd(merged, place.fate);
    },
  );

  test('all of it together — every commit once, in order, and nothing left over', async () => {
    const releases = await live.releases();
    expect(releases.map(({ attempt }) => attempt)).toEqual(killPlaces.map(() => 1));
    expect(releases.map(({ outcome }) => outcome).toReversed()).toEqual(
      killPlaces.map(({ fate }) => outcomeOf(fate)),
    );
    expect(live.platform.kubeflow.workflows()).toHaveLength(killPlaces.length);
    // The pipeline brings a first version of its own name with it.
    const versions = live.platform.kubeflow.versions().map(({ name }) => name);
    expect(new Set(versions).size).toBe(versions.length);
    expect(versions).toHaveLength(killPlaces.length + 1);
    expect(live.platform.kubeflow.pipelines()).toHaveLength(1);
    expect(live.platform.kubeflow.experiments().filter(({ name }) => name !== 'Default')).toHaveLength(1);
    const { host, repository } = live.world;
    expect(host.sandbox.deployments(host.project(repository))).toHaveLength(killPlaces.length);
    await expectClean(live.world);
  });

  /** The release is over, told of, and nobody is at work any more. */
  async function ended({ releaseId }: Merged): Promise<void> {
    try {
      await eventually(
        'the end of the release',
        async () => {
          await live.promises.look();
          return (await live.release(releaseId))?.outcome !== undefined;
        },
        20_000,
      );
    } catch (thrown) {
      const release = await live.release(releaseId);
      const told = (release?.timeline ?? []).map(({ at, text }) => `${at} ${text}`).join('\n');
      throw new Error(`${told}\n${live.world.lines.slice(-20).join('')}`, { cause: thrown });
    }
    await live.world.settled();
  }

  async function expectEnd({ change, tip, releaseId, runId }: Merged, fate: Fate): Promise<void> {
    const release = await live.release(releaseId);
    const outcome = outcomeOf(fate);
    const isGood = outcome === 'released';
    if (isGood) inService = tip;
    expect(release).toMatchObject({ outcome, reason: expect.any(String) });
    expect(live.promises.broken).toEqual([]);
    expect(runsOf(runId)).toBe(1);
    expect(await served()).toBe(inService);
    expect(stampedWith(releaseId)).toBe(isGood || outcome === 'rolled-back' ? 1 : 0);
    expect(await live.line()).toMatchObject({ settled: { commit: tip, releaseId } });

    const { host, repository } = live.world;
    const project = host.project(repository);
    const statuses = host.sandbox
      .statuses(project, tip)
      .filter(({ name, retried }) => name === 'modelgate/production' && !retried);
    expect(statuses.map(({ status }) => status)).toEqual([isGood ? 'success' : 'failed']);
    const deployments = host.sandbox.deployments(project, 'prod').filter(({ sha }) => sha === tip);
    expect(deployments.map(({ status }) => status)).toEqual([isGood ? 'success' : 'failed']);
    expect(ourComments(live.world, change)).toHaveLength(1);
  }

  /** Workflows of a run. */
  function runsOf(runId: string): number {
    return live.platform.kubeflow.workflows().filter(({ labels }) => labels['pipeline/runid'] === runId)
      .length;
  }

  /** Revisions that carry the stamp of a release. */
  function stampedWith(releaseId: string): number {
    return live.platform.kubernetes
      .list('revisions', 'serving')
      .filter(
        (revision) => textAt(revision, 'metadata', 'annotations', 'modelgate.dev/release') === releaseId,
      ).length;
  }

  /** The commit whose model is in service. */
  async function served(): Promise<unknown> {
    await live.platform.kubernetes.settle();
    const service = live.platform.kubernetes.get('inferenceservices', 'serving', 'auto-mpg');
    const uri = textAt(service, 'spec', 'predictor', 'model', 'storageUri');
    if (uri === undefined) return undefined;
    const bytes = await live.platform.read(`${uri}model.pkl`);
    return JSON.parse(bytes?.toString() ?? '{}').commit;
  }
});
