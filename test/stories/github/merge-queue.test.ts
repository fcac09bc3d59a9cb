import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckRun } from '../../../src/sandbox/github/state-checks.ts';
import type { MergeGroup } from '../../../src/sandbox/github/state-pulls.ts';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { eventually } from '../../support/redis.ts';
import { expectClean } from '../../support/story-end.ts';
import { createStoryWorld, type StoryChange, type StoryWorld } from '../../support/story-world.ts';

const later = '{ after: [1h], then: 1h, until: 1d }';

describe('a merge queue', () => {
  let world: StoryWorld<GithubStoryHost>;
  let quick: () => void = () => undefined;
  beforeAll(async () => {
    world = await createStoryWorld({ host: 'github', recheck: later, timing: { sweepMs: 1000 } });
    const { host } = world;
    const requiredChecks = [{ context: 'modelgate', app: host.app }];
    host.sandbox.protect(host.repository(world.repository), 'main', { requiredChecks });
  });
  afterEach(() => quick());
  afterAll(() => world.close());

  /** A change that is judged as wanted. */
  async function judged(name: string, content: string, state: 'success' | 'failure'): Promise<StoryChange> {
    const pushed = state === 'success' ? 'pushed' : 'not pushed';
    const change = await world.propose(name, {
      [`${name}.csv.dvc`]: await world.track(`${name}.csv`, content, pushed),
    });
    await world.status(change, (status) => status.state === state);
    await world.settled();
    return change;
  }

  const checksOf = ({ headSha: head }: MergeGroup): readonly CheckRun[] =>
    world.host.checks({ repository: world.repository, head });

  async function expectEnded(group: MergeGroup, conclusion: CheckRun['conclusion']): Promise<CheckRun> {
    await eventually(`the group's check says ${conclusion}`, () =>
      checksOf(group).some((run) => run.conclusion === conclusion),
    );
    await world.settled();
    const runs = checksOf(group);
    expect(runs.map((run) => run.conclusion)).toEqual([conclusion]);
    const [run] = runs;
    if (run === undefined) throw new Error('no check');
    return run;
  }

  test('a group — has a green check of its own, and is merged', async () => {
    const change = await judged('good', 'good\n', 'success');

    const group = await world.host.sandbox.enqueue(world.host.pull(change));

    const run = await expectEnded(group, 'success');
    expect(run.title).toMatch(/1 output/);
    await world.host.sandbox.mergeGroup(group);
    await world.settled();
    expect(world.host.pull(change).mergedAt).toBeInstanceOf(Date);
    expect(checksOf(group).map(({ conclusion }) => conclusion)).toEqual(['success']);
  });

  test('a group whose data is gone — is red, cannot be merged, and its end leaves the verdict', async () => {
    const change = await judged('bad', 'bad\n', 'failure');

    const group = await world.host.sandbox.enqueue(world.host.pull(change));

    const run = await expectEnded(group, 'failure');
    expect(run.title).toContain('data/missing-on-remote');
    expect(run.annotations).toHaveLength(1);
    await expect(world.host.sandbox.mergeGroup(group)).rejects.toThrow('modelgate is failing');
    await world.host.sandbox.dequeue(world.host.pull(change), { reason: 'CI_FAILURE' });
    await expectEnded(group, 'failure');
  });

  test('a group that is dissolved while it is judged — its check ends cancelled', async () => {
    const change = await judged('away', 'away\n', 'success');
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1500 } });
    const group = await world.host.sandbox.enqueue(world.host.pull(change));
    await eventually('its check runs', () => checksOf(group).length > 0);

    await world.host.sandbox.dequeue(world.host.pull(change));

    await expectEnded(group, 'cancelled');
  });

  test('two groups, one upon the other — each has its check', async () => {
    const [one, other] = [
      await judged('one', 'one\n', 'success'),
      await judged('other', 'other\n', 'success'),
    ];

    const first = await world.host.sandbox.enqueue(world.host.pull(one));
    const second = await world.host.sandbox.enqueue(world.host.pull(other));

    await expectEnded(first, 'success');
    await expectEnded(second, 'success');
    await world.host.sandbox.mergeGroup(first);
    await world.host.sandbox.mergeGroup(second);
    await world.settled();
    expect(world.host.pull(other).mergedAt).toBeInstanceOf(Date);
  });

  test('«Re-run» at a group — judges it afresh', async () => {
    const change = await judged('anew', 'anew\n', 'failure');
    const group = await world.host.sandbox.enqueue(world.host.pull(change));
    const red = await expectEnded(group, 'failure');
    world.push('anew\n');

    await world.host.sandbox.rerequest(red, { as: 'ada' });

    await eventually('green', () => checksOf(group).at(-1)?.conclusion === 'success');
    await world.host.sandbox.mergeGroup(group);
    await world.settled();
  });

  test('the webhook of a group never comes — the sweep finds the group', async () => {
    const change = await judged('unheard', 'unheard\n', 'success');
    world.host.disconnect();
    const group = await world.host.sandbox.enqueue(world.host.pull(change));

    await expectEnded(group, 'success');
    expect(world.lines.join('')).toMatch(/"missed":1/);
    world.host.connect(world.url());
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
