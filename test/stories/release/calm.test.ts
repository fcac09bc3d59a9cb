import { afterEach, describe, expect, test } from 'vitest';
import { fates, outcomeOf } from '../../support/release/fates.ts';
import { createReleaseStory, type ReleaseStory } from '../../support/release/story.ts';

let story: ReleaseStory;
afterEach(() => story.close());

describe.each(['Knative', 'Standard'] as const)('a release on a good day, %s', (mode) => {
  test.each(fates)('the commit is: %s', async (fate) => {
    story = await createReleaseStory(mode);
    const sha = story.merge(fate, 1);
    await story.run();
    const releases = [...story.releases.releases.values()];

    expect(releases.map(({ outcome }) => outcome)).toEqual([outcomeOf(fate)]);
    expect(story.branch.production.statuses.get(sha)?.state).toBe(fate === 'good' ? 'success' : 'failure');
    expect(story.promises.broken).toEqual([]);
  });
});
