import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeRequest } from '../../src/sandbox/gitlab/state.ts';
import { createStoryWorld, runIdOf, statusesOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

describe('commands below a merge request', () => {
  let world: StoryWorld;
  beforeAll(async () => {
    world = await createStoryWorld({ recheck: '{ after: [1h], then: 1h, until: 1d }' });
  });
  afterAll(() => world.close());

  /** A change that was refused because of data that is there by now: only a fresh evaluation notices. */
  async function refusedAndRepaired(name: string): Promise<MergeRequest> {
    const content = `data of ${name}\n`;
    const pointer = await world.track('data.csv', content, 'not pushed');
    const change = await world.propose(name, { [`${name}.dvc`]: pointer });
    await world.status(change, ({ status }) => status === 'failed');
    await expectShown(world, change, { status: 'failed', notes: 1 });
    world.push(content);
    return change;
  }

  test('retest by a developer — judges afresh, with a run of its own', async () => {
    const change = await refusedAndRepaired('retest');
    const before = runIdOf(statusesOf(world.gitlab, change).at(-1)!);

    await world.gitlab.comment('ada', change, '/modelgate retest');

    await world.status(change, ({ status }) => status === 'success');
    const { status } = await expectShown(world, change, { status: 'success', notes: 1 });
    expect(runIdOf(status)).not.toBe(before);
  });

  test('two retests at once — end alike, with one evaluation too many at most', async () => {
    const change = await refusedAndRepaired('twice');

    await Promise.all([
      world.gitlab.comment('ada', change, '/modelgate retest'),
      world.gitlab.comment('owner', change, '/modelgate retest'),
    ]);

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
    const runs = new Set(statusesOf(world.gitlab, change).map(runIdOf));
    expect(runs.size).toBeLessThanOrEqual(3);
  });

  test('retest while GitLab cannot say who may push — is carried out later', async () => {
    const change = await refusedAndRepaired('members');
    const when = ({ path }: { readonly path: string }): boolean => path.includes('/members/');
    world.gitlab.fail({ when, fault: { kind: 'status', status: 500 }, times: 2 });
    await world.gitlab.comment('ada', change, '/modelgate retest');

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  describe('what is ignored in silence', () => {
    let change: MergeRequest;
    beforeAll(async () => void (change = await refusedAndRepaired('ignored')));

    test.each([
      ['a stranger', 'stranger', '/modelgate retest'],
      ['a reporter', 'reporter', '/modelgate retest'],
      ['a developer, in the second line', 'ada', 'please\n/modelgate retest'],
      ['a developer, a command that does not exist', 'ada', '/modelgate approve'],
      ['a developer, more words than the command', 'ada', '/modelgate retest now'],
      ['a developer, a quoted command', 'ada', '> /modelgate retest'],
    ])('%s', async (_name, person, text) => {
      const notes = world.gitlab.notes(change).length;

      await world.gitlab.comment(person, change, text);

      await expectShown(world, change, { status: 'failed', notes: 1 });
      expect(world.gitlab.notes(change)).toHaveLength(notes + 1);
    });

    test('a note that is edited into a command', async () => {
      const note = await world.gitlab.comment('ada', change, 'looks good');
      await world.gitlab.editComment('ada', change, note!, '/modelgate retest');

      await expectShown(world, change, { status: 'failed', notes: 1 });
    });

    test('a system note (the title became a command)', async () => {
      await world.gitlab.editMergeRequest(change, { title: '/modelgate retest' });

      await expectShown(world, change, { status: 'failed', notes: 1 });
    });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
