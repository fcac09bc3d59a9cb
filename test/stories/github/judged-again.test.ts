import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { expectClean, expectShown } from '../../support/story-end.ts';
import { createStoryWorld, runIdOf, type StoryWorld } from '../../support/story-world.ts';

describe('a verdict that takes the place of another in the same evaluation', () => {
  let world: StoryWorld<GithubStoryHost>;
  beforeAll(async () => {
    const recheck = '{ after: [1s], then: 1h, until: 1d }';
    world = await createStoryWorld({ host: 'github', recheck, config: 'limits: { evaluationMs: 2000 }' });
  });
  afterAll(() => world.close());

  test('it has other findings — they stand beside the lines, each once', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 4000 } });
    const { host, repository } = world;
    const lenient = { '.modelgate.yaml': 'version: 1\nrules: { policy/invalid: warning }\n' };
    await host.commit(repository, 'to-lenient', lenient);
    const files = {
      '.modelgate.yaml': 'version: 1\nmode: lenient\n',
      'd.dvc': await world.track('d.csv', 'never pushed\n', 'not pushed'),
    };
    const change = await world.propose('slow', files, { target: 'to-lenient' });
    const undecided = await world.status(change, ({ state }) => state === 'failure');
    expect(undecided.description).toMatch(/^could not decide/);
    expect(
      host
        .checks(change)
        .at(-1)
        ?.annotations.map(({ path }) => path),
    ).toEqual(['.modelgate.yaml']);
    quick();

    const decided = await world.status(change, ({ description }) =>
      description.includes('missing-on-remote'),
    );
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(runIdOf(decided)).toBe(runIdOf(undecided));
    const shown = host
      .checks(change)
      .at(-1)
      ?.annotations.map(({ path, level }) => [path, level]);
    expect(shown).toEqual([
      ['d.dvc', 'failure'],
      ['.modelgate.yaml', 'warning'],
    ]);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
