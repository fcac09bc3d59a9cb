import { afterEach, describe, expect, test } from 'vitest';
import { phaseNames, type PhaseName } from '../../../src/domain/release-phases.ts';
import { outcomeOf, type Fate } from '../../support/release/fates.ts';
import { createReleaseStory, type ReleaseStory } from '../../support/release/story.ts';

let story: ReleaseStory;
afterEach(() => story.close());

/** Empties Redis once, before the first job that finds the world so. */
function emptyWhen(isNow: () => boolean): () => boolean {
  let emptied = false;
  story.before = () => {
    if (emptied || !isNow()) return;
    emptied = true;
    story.emptyRedis();
  };
  return () => emptied;
}

function isIn(phase: PhaseName): boolean {
  return [...story.releases.releases.values()].some((release) => release.phase === phase && !release.outcome);
}

/** Every release that is recorded, and what the host shows of it. */
function endOf(fate: Fate): readonly unknown[] {
  const { statuses, deployments } = story.branch.production;
  const outcomes = [...story.releases.releases.values()].map(({ outcome }) => outcome);
  expect(outcomes).toEqual([outcomeOf(fate)]);
  expect(story.promises.broken).toEqual([]);
  expect(story.platform.kubeflow.runs()).toHaveLength(1);
  expect([...story.branch.comments.values()]).toHaveLength(1);
  return [[...statuses.values()].map(({ state }) => state), deployments.map(({ status }) => status.state)];
}

describe('everything that was kept is gone while a release is under way: it ends as it would have, and nothing is doubled', () => {
  // Phases that a job ends in, so that the next one finds the record in them.
  const resting: readonly PhaseName[] = ['train', 'collect', 'roll-out', 'smoke'];

  test.each(resting)('in the phase %s', async (phase) => {
    story = await createReleaseStory('Knative');
    const wasEmptied = emptyWhen(() => isIn(phase));
    // A manifest that comes late, and a model that is cold, make a phase last.
    if (phase === 'collect') story.mishaps = once('models.read');
    if (phase === 'smoke') story.mishaps = once('serving.predict');
    story.merge('good', 1);
    await story.run();

    expect(wasEmptied()).toBe(true);
    expect(endOf('good')).toEqual([['success'], ['success']]);
  });

  test('in the phase restore', async () => {
    story = await createReleaseStory('Knative');
    const wasEmptied = emptyWhen(() => isIn('restore'));
    story.mishaps = once('serving.remove');
    story.merge('does not load', 1);
    await story.run();

    expect(wasEmptied()).toBe(true);
    expect(endOf('does not load')).toEqual([['failure'], ['failure']]);
  });

  test.each(['plan', 'upload', 'publish'] as const)(
    'in the phase %s, in which a job was interrupted',
    async (phase) => {
      story = await createReleaseStory('Knative');
      const wasEmptied = emptyWhen(() => isIn(phase));
      const port = { plan: 'snapshots.history', upload: 'pipelines.uploadVersion', publish: 'models.copy' }[
        phase
      ];
      story.mishaps = once(port, () => isIn(phase));
      story.merge('good', 1);
      await story.run();

      expect(wasEmptied()).toBe(true);
      expect(endOf('good')).toEqual([['success'], ['success']]);
    },
  );

  test('no phase is left out above', () => {
    expect([...resting, 'restore', 'plan', 'upload', 'publish'].toSorted()).toEqual(
      [...phaseNames].toSorted(),
    );
  });

  test('between the Workflow of a run and its row — the run is waited for, not asked for twice', async () => {
    story = await createReleaseStory('Knative');
    const { kubeflow } = story.platform;
    kubeflow.knobs.rowAfterMs = 60_000;
    const wasEmptied = emptyWhen(() => kubeflow.workflows().length === 1 && kubeflow.runs().length === 0);
    story.merge('good', 1);
    await story.run();

    expect(wasEmptied()).toBe(true);
    expect(endOf('good')).toEqual([['success'], ['success']]);
  });
});

/** The first call of that name, from when it is time, gets no answer. */
function once(call: string, isTime: () => boolean = () => true): ReleaseStory['mishaps'] {
  let left = 1;
  return (name) => {
    if (name !== call || left === 0 || !isTime()) return 'none';
    left -= 1;
    return 'refused';
  };
}
