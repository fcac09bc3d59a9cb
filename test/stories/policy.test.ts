import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

const notPushed = {
  'd.csv.dvc': 'outs:\n- md5: 0123456789abcdef0123456789abcdef\n  size: 4\n  hash: md5\n  path: d.csv\n',
};

describe.each(everyHost)('the policy of a repository on $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(
    async () =>
      void (world = await createStoryWorld({ host, recheck: '{ after: [1h], then: 1h, until: 1d }' })),
  );
  afterAll(() => world.close());

  /** A change into a branch that has this policy, and more files. */
  async function propose(
    name: string,
    policy: string,
    change: Readonly<Record<string, string>>,
    target = {},
  ) {
    const branch = `to-${name}`;
    await world.host.commit(world.repository, branch, { '.modelgate.yaml': policy, ...target });
    return world.propose(name, change, { target: branch });
  }

  test('advisory — success, with the finding in status and comment', async () => {
    const change = await propose('advisory', 'version: 1\nmode: advisory\n', notPushed);

    await world.status(change, ({ state }) => state === 'success');
    const { status, comment } = await expectShown(world, change, { state: 'success', comments: 1 });
    expect(status.description).toMatch(/^advisory: .*data\/missing-on-remote/);
    expect(comment?.text).toContain('Advisory mode');
  });

  test('a rule that is off on the target — is obeyed', async () => {
    const change = await propose('off', 'version: 1\nrules: { data/missing-on-remote: off }\n', notPushed);

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('a rule that the change itself switches off — is not obeyed, and the edit is read', async () => {
    const own = { '.modelgate.yaml': 'version: 1\nmode: advisory\nrules: { data/missing-on-remote: off }\n' };
    const change = await world.propose('own', { ...notPushed, ...own });

    await world.status(change, ({ state }) => state === 'failure');
    const { status } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(status.description).toContain('data/missing-on-remote');
    expect(await (await fetch(status.url)).text()).toContain(
      'defaults, the target branch has no .modelgate.yaml',
    );
  });

  test('an edit of the policy that is wrong — is a finding of the change', async () => {
    const change = await world.propose('wrong-edit', { '.modelgate.yaml': 'version: 1\nmode: lenient\n' });

    await world.status(change, ({ state }) => state === 'failure');
    const { status } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(status.description).toContain('policy/invalid');
  });

  test('broken on the target — the defaults hold, and it is said', async () => {
    const change = await propose('broken', 'version: 1\nmode: [advisory\n', notPushed);

    await world.status(change, ({ state }) => state === 'failure');
    const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(comment?.text).toContain('policy/invalid');
    expect(comment?.text).toContain('data/missing-on-remote');
    expect(comment?.text).toContain('the defaults apply until it is repaired');
    expect(comment?.text).toMatch(/, line \d+ on the target branch:/);
  });

  test('broken on the target, repaired by the change — passes', async () => {
    const change = await propose('repair', 'version: 1\nmode: [advisory\n', {
      '.modelgate.yaml': 'version: 1\n',
    });

    await world.status(change, ({ state }) => state === 'success');
  });

  describe('new-only', () => {
    const policy = 'version: 1\nmode: new-only\ndata: { scope: all }\n';
    const old = { 'old.csv.dvc': 'outs: 7\n' };

    test('what the target has already — does not fail the change', async () => {
      const change = await propose('inherited', policy, { 'NOTES.md': 'x\n' }, old);

      await world.status(change, ({ state }) => state === 'success');
      const { status } = await expectShown(world, change, { state: 'success', comments: 1 });
      expect(status.description).toMatch(/1 error/);
    });

    test('the same in blocking mode — fails it', async () => {
      const change = await propose('held', 'version: 1\ndata: { scope: all }\n', { 'NOTES.md': 'x\n' }, old);

      await world.status(change, ({ state }) => state === 'failure');
    });

    test('what the change brings — fails it', async () => {
      const change = await propose('brought', policy, notPushed, old);

      await world.status(change, ({ state }) => state === 'failure');
      const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
      expect(comment?.text).toContain('On the target branch already: 1 finding');
    });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
