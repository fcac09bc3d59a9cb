import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe.each(everyHost)('secrets that are rotated, on $name', ({ host }) => {
  let world: StoryWorld;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'modelgate-secrets-'));
    await writeFile(join(directory, 'hook'), 'the-first-hook-secret\n');
    await writeFile(join(directory, 'other'), 'the-other-hook-secret\n');
    world = await createStoryWorld({
      host,
      webhookSecrets: `["file:${directory}/hook", "file:${directory}/other"]`,
    });
    world.host.disconnect();
  });
  afterAll(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function ping(secret: string): Promise<number> {
    const { body, headers } = world.host.ping(secret);
    const all = { 'content-type': 'application/json', ...headers };
    return (await fetch(`${world.url()}/webhooks/${host}`, { method: 'POST', headers: all, body })).status;
  }

  test('the secret of the webhook, in its file — holds without a restart, and the old one no longer', async () => {
    expect(await ping('the-first-hook-secret')).toBe(200);
    expect(await ping('the-second-hook-secret')).toBe(401);

    await writeFile(join(directory, 'hook'), 'the-second-hook-secret\n');

    await eventually('the new secret', async () => (await ping('the-second-hook-secret')) === 200);
    expect(await ping('the-first-hook-secret')).toBe(401);
    expect(world.lines.join('')).not.toMatch(/the-(first|second)-hook-secret/);
  });

  test('one of two files taken away — both values count, the log says it once; back — it says that, too', async () => {
    const said = (message: string): number => world.lines.filter((line) => line.includes(message)).length;
    await rename(join(directory, 'other'), join(directory, 'aside'));
    for (let round = 0; round < 3; round += 1) {
      await eventually('a look at the file', async () => {
        expect(await ping('the-second-hook-secret')).toBe(200);
        expect(await ping('the-other-hook-secret')).toBe(200);
        expect(await ping('wrong-hook-secret')).toBe(401);
        return said('its file cannot be read again') > 0;
      });
    }
    expect(said('its file cannot be read again')).toBe(1);

    await rename(join(directory, 'aside'), join(directory, 'other'));
    await eventually('good again', async () => {
      expect(await ping('the-other-hook-secret')).toBe(200);
      return said('its file is good again') === 1;
    });
  });

  test('a hook with the new secret — is listened to', async () => {
    world.host.connect(world.url(), 'the-second-hook-secret');
    const change = await world.propose('rotated', { 'NOTES.md': 'rotated\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
