import { afterEach, expect, test } from 'vitest';
import { createReleaseStory, type ReleaseStory } from '../support/release/story.ts';

let story: ReleaseStory;
afterEach(() => story.close());

test('a person holds the line while a model is published — nothing is rolled out', async () => {
  story = await createReleaseStory('Knative');
  const { byLine, releases } = story.releases;
  const hold = {
    at: '2026-05-04T10:00:00.000Z',
    actor: 'ada',
    reason: 'the cluster is upgraded',
    remedy: '',
  };
  story.mishaps = (call) => {
    if (call === 'models.write')
      for (const [key, line] of byLine) byLine.set(key, { ...line, rev: line.rev + 1, hold });
    return 'none';
  };
  story.merge('good', 1);
  await story.run();

  expect([...releases.values()].map(({ phase, outcome }) => [phase, outcome])).toEqual([
    ['publish', undefined],
  ]);
  expect(story.promises.served).toEqual(['nothing']);
});

test.each(['Knative', 'Standard'] as const)(
  'released, %s — what was looked at is what serves: nothing is rolled out after it',
  async (mode) => {
    story = await createReleaseStory(mode);
    story.merge('good', 1);
    await story.run();
    const { kubernetes } = story.platform;
    const revisions = async () => {
      await fetch(`${kubernetes.url}/apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices`);
      const { status } = kubernetes.get('inferenceservices', 'serving', 'auto-mpg') ?? {};
      return [status, kubernetes.get('deployments', 'serving', 'auto-mpg-predictor')?.['metadata']];
    };
    const before = await revisions();
    story.clock.moveTo(story.clock.now().getTime() + 600_000);

    expect(await revisions()).toEqual(before);
    expect([...story.releases.releases.values()].map(({ outcome }) => outcome)).toEqual(['released']);
  },
);

test('a commit is merged while people hold the line — its status says who waits for what', async () => {
  story = await createReleaseStory('Knative');
  story.merge('good', 1);
  await story.run();
  const { byLine } = story.releases;
  const hold = {
    at: '2026-05-04T10:30:00.000Z',
    actor: 'ada',
    reason: 'the cluster is upgraded',
    remedy: '',
  };
  for (const [key, line] of byLine) byLine.set(key, { ...line, rev: line.rev + 1, hold });
  const sha = story.merge('good', 1);
  await story.run(story.clock.now().getTime() + 600_000);

  expect(story.branch.production.statuses.get(sha)).toMatchObject({
    state: 'running',
    description: 'held: the cluster is upgraded',
  });
});

test('the cluster does not answer for a while — the status says so, and then what is true again', async () => {
  story = await createReleaseStory('Knative');
  let isAway = true;
  story.mishaps = (call) => (isAway && call === 'serving.read' ? 'refused' : 'none');
  const sha = story.merge('good', 1);
  await story.run(story.clock.now().getTime() + 4 * 60_000);

  expect(story.branch.production.statuses.get(sha)?.description).toBe(
    'rolling out on auto-mpg: serving.read was refused',
  );
  isAway = false;
  await story.run();
  expect(story.branch.production.statuses.get(sha)?.state).toBe('success');
  expect([...story.releases.releases.values()][0]?.trouble).toBeUndefined();
});
