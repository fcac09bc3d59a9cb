import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createStoryWorld,
  everyHost,
  runIdOf,
  type StoryChange,
  type StoryWorld,
} from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

describe.each(everyHost)('commands below a change on $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(async () => {
    world = await createStoryWorld({ host, recheck: '{ after: [1h], then: 1h, until: 1d }' });
  });
  afterAll(() => world.close());

  /** A change that was refused because of data that is there by now: only a fresh evaluation notices. */
  async function refusedAndRepaired(name: string): Promise<StoryChange> {
    const content = `data of ${name}\n`;
    const pointer = await world.track('data.csv', content, 'not pushed');
    const change = await world.propose(name, { [`${name}.dvc`]: pointer });
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    world.push(content);
    return change;
  }

  test('retest by a developer — judges afresh, with a run of its own', async () => {
    const change = await refusedAndRepaired('retest');
    const before = runIdOf(world.host.statuses(change).at(-1));

    await world.host.comment('ada', change, '/modelgate retest');

    await world.status(change, ({ state }) => state === 'success');
    const { status } = await expectShown(world, change, { state: 'success', comments: 1 });
    expect(runIdOf(status)).not.toBe(before);
  });

  test('two retests at once — end alike, with one evaluation too many at most', async () => {
    const change = await refusedAndRepaired('twice');

    await Promise.all([
      world.host.comment('ada', change, '/modelgate retest'),
      world.host.comment('owner', change, '/modelgate retest'),
    ]);

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
    const runs = new Set(world.host.statuses(change).map(runIdOf));
    expect(runs.size).toBeLessThanOrEqual(3);
  });

  test('retest while the host cannot say who may push — is carried out later', async () => {
    const change = await refusedAndRepaired('members');
    world.host.fail('permission', { kind: 'broken', status: 500 }, 2);
    await world.host.comment('ada', change, '/modelgate retest');

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  describe('what is ignored in silence', () => {
    let change: StoryChange;
    beforeAll(async () => void (change = await refusedAndRepaired('ignored')));

    test.each([
      ['a stranger', 'stranger', '/modelgate retest'],
      ['a reporter', 'reporter', '/modelgate retest'],
      ['a developer, in the second line', 'ada', 'please\n/modelgate retest'],
      ['a developer, a command that does not exist', 'ada', '/modelgate approve'],
      ['a developer, more words than the command', 'ada', '/modelgate retest now'],
      ['a developer, a quoted command', 'ada', '> /modelgate retest'],
    ])('%s', async (_name, person, text) => {
      const notes = world.host.comments(change).length;

      await world.host.comment(person, change, text);

      await expectShown(world, change, { state: 'failure', comments: 1 });
      expect(world.host.comments(change)).toHaveLength(notes + 1);
    });

    test('a note that is edited into a command', async () => {
      const comment = await world.host.comment('ada', change, 'looks good');
      await world.host.editComment('ada', change, comment, '/modelgate retest');

      await expectShown(world, change, { state: 'failure', comments: 1 });
    });

    test('a system note (the title became a command)', async () => {
      await world.host.edit(change, { title: '/modelgate retest' });

      await expectShown(world, change, { state: 'failure', comments: 1 });
    });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
