import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/commands/parse-command.ts';
import { RetryableError } from '../../../src/errors.ts';
import { putComment, readChange, type NumberedChange } from '../../contracts/host.ts';
import { createGitlabWorld } from './gitlab-world.ts';
import type { GitlabWorld } from './gitlab-world.ts';

const marker = '<!-- modelgate:comment v1 test -->';

let world: GitlabWorld;
let change: NumberedChange;

beforeEach(async () => {
  world = await createGitlabWorld();
  const found = await readChange(world.host, world.repository.id, await world.openChange());
  if (found === undefined) throw new Error('the change that was just opened cannot be read');
  change = found;
});
afterEach(() => world.dispose());

function setComment(body: string, instance?: string) {
  return putComment(world.host, { change, body, create: true, memory: {} }, instance);
}

const texts = async () => (await world.shownComments(change.number)).map((comment) => comment.text);

describe('our comment', () => {
  test('made before by two workers — the oldest is edited, the younger ones are deleted', async () => {
    const bot = { id: String(world.bot.id), name: world.bot.username };
    for (const text of ['first', 'second', 'third'])
      await world.comment(change.number, bot, `${marker}\n${text}`);
    const [oldest] = await world.shownComments(change.number);

    await setComment('2 findings');

    const left = await world.shownComments(change.number);
    expect(left).toMatchObject([{ id: oldest?.id, text: `${marker}\n2 findings` }]);
  });

  test('another instance of the service — has a comment of its own', async () => {
    await setComment('2 findings');
    await setComment('3 findings', 'staging');
    await setComment('all is well');

    expect(await texts()).toEqual([
      `${marker}\nall is well`,
      '<!-- modelgate:comment v1 staging -->\n3 findings',
    ]);
  });

  test('a text with spaces at its end — is the same text when it is read again', async () => {
    await setComment('2 findings  \r\n- one\r\n\n');
    const writes = world.writes();

    await setComment('2 findings  \r\n- one\r\n\n');

    expect(world.writes()).toBe(writes);
  });

  test('somebody deletes it between our look and our edit — can be tried again', async () => {
    await setComment('2 findings');
    const { notes } = world.mergeRequest(change.number);
    const deleted = (request: { method: string }) => {
      if (request.method === 'PUT') notes.splice(0);
      return false;
    };
    world.sandbox.fail({ when: deleted, fault: { kind: 'drop' } });

    await expect(setComment('3 findings')).rejects.toBeInstanceOf(RetryableError);
    await setComment('3 findings');

    expect(await texts()).toEqual([`${marker}\n3 findings`]);
  });

  test('a comment of ours that quotes the marker — is left alone', async () => {
    const bot = { id: String(world.bot.id), name: world.bot.username };
    const quoting = `<!-- modelgate:comment v1 staging -->\n\`\`\`\n${marker}\n\`\`\``;
    await world.comment(change.number, bot, quoting);

    await setComment('2 findings');

    expect(await texts()).toEqual([quoting, `${marker}\n2 findings`]);
  });

  test.each(['```', '````', '~~~'])(
    'a code block of %s without end — none of its lines is a quick action',
    async (mark) => {
      await setComment(`### 2 findings\n\n${mark}\n${'/merge\n'.repeat(20_000)}${mark}\n`);

      expect(world.sandbox.quickActions).toEqual([]);
      expect((await texts())[0]).toMatch(new RegExp(`\n/merge\n${mark}\n\n\\*This comment was cut`));
    },
  );

  test('whatever it says — it is no command, because it begins with the marker', async () => {
    await setComment('/modelgate retest');

    expect(parseCommand((await texts())[0] ?? '')).toBeUndefined();
  });

  test('a comment of ours without the marker — is left alone', async () => {
    const bot = { id: String(world.bot.id), name: world.bot.username };
    await world.comment(change.number, bot, 'Looking again.');

    await setComment('2 findings');

    expect(await texts()).toEqual(['Looking again.', `${marker}\n2 findings`]);
  });
});
