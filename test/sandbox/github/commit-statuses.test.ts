import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
const repo = '/repos/acme/auto-mpg';

beforeAll(async () => void (world = await startTestWorld()));
afterAll(() => world.close());

async function post(sha: string, fields: Readonly<Record<string, unknown>>): Promise<number> {
  return (await world.api('POST', `${repo}/statuses/${sha}`, fields, world.people.dev.token)).status;
}

describe('commit status', () => {
  test.each([
    ['without a state', { context: 'gate' }, 422],
    ['of an unknown state', { state: 'running' }, 422],
    ['with 141 characters', { state: 'success', description: 'x'.repeat(141) }, 422],
    ['with 140 characters', { state: 'success', description: '€'.repeat(140) }, 201],
    ['with an address that is none', { state: 'success', target_url: 'gate' }, 422],
    ['with nulls', { state: 'success', target_url: null, description: null }, 201],
  ])('%s — answered %j with %i', async (_name, fields, status) => {
    expect(await post(world.first, fields)).toBe(status);
  });

  test('of a commit that is not there — 422', async () => {
    expect(await post('1'.repeat(40), { state: 'success' })).toBe(422);
  });

  test('several of one context — listed newest first, the newest counts, in any case', async () => {
    const sha = await world.github.commit(world.repository, 'several', { 's.txt': 's\n' }, 'S');
    const at = `${repo}/commits/${sha}`;
    const combined = async (): Promise<unknown> => (await world.api('GET', `${at}/status`)).body.state;
    const seen = [await combined()];
    for (const [context, state] of [
      ['gate', 'pending'],
      ['gate', 'success'],
      ['other', 'error'],
      ['OTHER', 'success'],
    ]) {
      await post(sha, { context, state });
      seen.push(await combined());
    }
    expect(seen).toEqual(['pending', 'pending', 'success', 'failure', 'success']);
    const { body } = await world.api('GET', `${at}/statuses`);
    expect(
      body.map((entry: { context: string; state: string }) => `${entry.context} ${entry.state}`),
    ).toEqual(['OTHER success', 'other error', 'gate success', 'gate pending']);
  });

  test('the thousand and first of a commit and context — 422, other contexts go on', async () => {
    const sha = await world.github.commit(world.repository, 'many', { 'm.txt': 'm\n' }, 'M');
    await post(sha, { state: 'pending', context: 'gate' });
    const [one] = world.github.statuses(world.repository, sha);
    if (one === undefined) throw new Error('no status');
    for (let count = 1; count < 1_000; count += 1) world.repository.statuses.push(one);
    expect(await post(sha, { state: 'success', context: 'Gate' })).toBe(422);
    expect(await post(sha, { state: 'success', context: 'other' })).toBe(201);
  });
});
