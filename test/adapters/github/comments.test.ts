import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import { setComment } from '../../../src/gate/sticky-comment.ts';
import { createGithubWorld, type GithubWorld } from './github-world.ts';

const never = new AbortController().signal;
let world: GithubWorld;
let change: Change;
let number: number;

beforeEach(async () => {
  world = await createGithubWorld();
  number = await world.openChange();
  const subject = { kind: 'change', host: 'hub', repositoryId: world.repository.id, number } as const;
  const read = await world.host.changes.read(subject, never);
  if (read === undefined) throw new Error('no change');
  change = read;
});
afterEach(() => world.dispose());

const say = (body: string, memory = {}) =>
  setComment(
    { comments: world.host.comments, instance: 'test' },
    { change, body, create: true, memory },
    never,
  );
const texts = async () => (await world.shownComments(number)).map(({ text }) => text);
const marker = '<!-- modelgate:comment v1 test -->';

describe('our comment', () => {
  test('below more than a page of others — is found and edited', async () => {
    for (let n = 0; n < 101; n += 1) await world.sandbox.comment('owner', world.pull(number), `comment ${n}`);
    await say('first');
    await say('second');

    expect((await texts()).filter((text) => text.startsWith(marker))).toEqual([`${marker}\nsecond`]);
  });

  test('pasted by somebody else — is not taken for ours', async () => {
    await world.sandbox.comment('owner', world.pull(number), `${marker}\nmine now`);
    await say('ours');

    expect(await texts()).toEqual([`${marker}\nmine now`, `${marker}\nours`]);
  });

  test('written by another App — is not taken for ours', async () => {
    await world.sandbox.comment('dependencies[bot]', world.pull(number), `${marker}\nbumped`);
    await say('ours');

    expect(await texts()).toHaveLength(2);
  });

  test('that was deleted — is made anew; its id alone finds nothing', async () => {
    const memory = await say('first');
    await world.host.comments.remove(change, Number(memory['commentId']), never);
    await world.host.comments.remove(change, Number(memory['commentId']), never);
    await say('second', memory);

    expect(await texts()).toEqual([`${marker}\nsecond`]);
  });

  test('with the words that it has — is not written again', async () => {
    const memory = await say('same');
    const before = world.writes();

    await say('same', memory);
    expect(world.writes()).toBe(before);
  });
});

describe('a comment of a person', () => {
  test('asked for below another pull request — is none', async () => {
    const person = await world.person('developer');
    const id = await world.comment(number, person, '/modelgate retest');

    expect(await world.host.changes.comment(world.repository.id, number, id, never)).toEqual({
      authorId: person.id,
      author: person.name,
      text: '/modelgate retest',
    });
    expect(await world.host.changes.comment(world.repository.id, number + 1, id, never)).toBeUndefined();
    expect(await world.host.changes.comment(world.repository.id, number, '999999', never)).toBeUndefined();
  });
});
