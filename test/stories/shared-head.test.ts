import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/redis.ts';
import { expectClean } from '../support/story-end.ts';
import { createStoryWorld, everyHost, type StoryChange, type StoryWorld } from '../support/story-world.ts';

describe.each(everyHost)('two open changes with one head on $name', ({ host }) => {
  let world: StoryWorld;
  let strict: StoryChange;
  let lenient: StoryChange;
  const content = 'a,b\n1,2\n';
  beforeAll(async () => {
    world = await createStoryWorld({ host, recheck: '{ after: [300ms], then: 300ms, until: 1h }' });
    const { repository } = world;
    await world.host.commit(
      repository,
      'lenient',
      { '.modelgate.yaml': 'version: 1\nmode: advisory\n' },
      { from: 'main' },
    );
  });
  afterAll(() => world.close());

  const shown = () => world.host.statuses(strict).filter(({ hidden }) => !hidden);

  test('one is refused, the other passes — the refusal is shown, and it stays', async () => {
    const pointer = await world.track('d.csv', content, 'not pushed');
    strict = await world.propose('shared', { 'd.csv.dvc': pointer });
    await world.status(strict, ({ state }) => state === 'failure');
    lenient = await world.host.open(world.repository, {
      branch: 'shared',
      target: 'lenient',
      title: 'The same, elsewhere',
      as: 'ada',
    });
    expect(lenient.head).toBe(strict.head);
    const mark = host === 'github' ? '#' : '!';
    const words = `${mark}${strict.number} of this commit: `;

    const { description } = await world.status(strict, (status) => status.description.startsWith(words));
    expect(description).toContain('data/missing-on-remote');
    await eventually('both are looked at again and again', async () => {
      const runs = await world.redis.client.zrange('modelgate:runs', 0, '-1');
      return runs.length === 2 && world.lines.filter((line) => line.includes('look-again')).length > 12;
    });
    expect(shown()).toMatchObject([{ state: 'failure', description }]);
  });

  test('the refused one is closed — the other is itself again', async () => {
    await world.host.close(strict);

    const { description } = await world.status(lenient, ({ state }) => state === 'success');
    expect(description).not.toContain('of this commit');
  });

  test('it is opened again, and its data is pushed — both pass', async () => {
    await world.host.reopen(strict);
    await world.status(strict, ({ state }) => state === 'failure');
    world.push(content);

    await world.status(strict, ({ state }) => state === 'success');
  });

  test('one of them moves on to a broken commit — the other keeps its verdict', async () => {
    const { repository } = world;
    const sha = strict.head;
    await world.host.commit(repository, 'own', { 'NOTES.md': 'own\n' }, { from: 'shared', as: 'ada' });
    await world.host.push(repository, 'own', sha);
    const third = await world.host.open(repository, {
      branch: 'own',
      target: 'main',
      title: 'Own',
      as: 'ada',
    });
    expect(third.head).toBe(sha);
    await world.status(third, ({ state }) => state === 'success');
    const pointer = await world.track('e.csv', 'never pushed\n', 'not pushed');
    await world.host.commit(repository, 'own', { 'e.csv.dvc': pointer }, { as: 'ada' });
    await world.status(third, ({ state }) => state === 'failure');

    expect(shown()).toMatchObject([{ state: 'success' }]);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
